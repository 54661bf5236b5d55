import Foundation
import Testing

@testable import Feeds

struct ProjectionTests {
    /// Web Mercator on the sphere has a closed form: x = R λ, y = R ln tan(π/4 + φ/2).
    @Test func threadsThatDecodeAtOnceGetTheirOwnPoints() async throws {
        let projection = try Projection("EPSG:3857")
        let radius = 6_378_137.0
        let wrong = await withTaskGroup(of: Int.self) { group in
            for task in 0..<8 {
                group.addTask {
                    (0..<5000).count { number in
                        let longitude = Double(number) * 0.03 - 75
                        let latitude = Double(task) * 10 - 40 + Double(number) * 0.001
                        let degrees = projection.degrees(
                            x: radius * longitude * .pi / 180,
                            y: radius * log(tan(.pi / 4 + latitude * .pi / 360)))
                        guard let degrees else { return true }
                        return abs(degrees.longitude - longitude) > 1e-9 || abs(degrees.latitude - latitude) > 1e-9
                    }
                }
            }
            return await group.reduce(0, +)
        }
        #expect(wrong == 0)
    }
}
