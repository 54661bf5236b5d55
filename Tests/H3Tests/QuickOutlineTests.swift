import Glibc
import Testing

@testable import H3

/// The outline without trigonometry must equal that of the reference's arithmetic.
struct QuickOutlineTests {
    @Test(arguments: Resolution.allCases)
    func equalsTheExactOutlineWhereItAnswers(resolution: Resolution) throws {
        var answered = 0
        for cell in try RandomCells(at: resolution, count: 1000, seed: 300) {
            if expectSame(cell) { answered += 1 }
        }
        #expect(answered >= (resolution < 2 ? 1 : resolution < 5 ? 500 : 950))
    }

    @Test(arguments: [3, 6, 9, 15] as [Resolution])
    func leavesCellsOverEdgesOfFacesAndAtThePolesToTheExactWay(resolution: Resolution) throws {
        var left = 0
        for face in 0..<Icosahedron.faceCount {
            for neighbor in 0..<Icosahedron.faceCount where neighbor != face {
                let middle = (Icosahedron.center(of: face) + Icosahedron.center(of: neighbor)).normalized.latLng
                guard middle.latitude.isFinite, abs(middle.latitude) < 89 else { continue }
                for cell in try H3Cell(
                    latitude: middle.latitude, longitude: middle.longitude, resolution: resolution
                ).gridDisk(2) where !expectSame(cell) { left += 1 }
            }
        }
        #expect(left >= 30)
        for latitude in [-90, 90] as [Double] {
            let cell = try H3Cell(latitude: latitude, longitude: 0, resolution: resolution)
            #expect(CellBoundary(hexagon: cell) == nil)
        }
    }

    /// Expects no difference, and returns whether the fast algorithm answered.
    private func expectSame(_ cell: H3Cell) -> Bool {
        guard let quick = CellBoundary(hexagon: cell) else { return false }
        let exact = cell.outline(from: 0, count: 6)
        #expect(quick.count == exact.count, "\(cell)")
        for (own, other) in zip(quick, exact) {
            let east = (own.longitude - other.longitude).remainder(dividingBy: 360) * cos(other.latitudeRadians)
            #expect(abs(own.latitude - other.latitude) < 2e-12, "\(cell)")
            #expect(abs(east) < 1e-12, "\(cell)")
        }
        return true
    }
}
