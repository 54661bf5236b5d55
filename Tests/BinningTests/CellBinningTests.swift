import Foundation
import H3
import TestSupport
import Testing

@testable import Binning

struct CellBinningTests {
    /// Random points from the seed `HEXTANT_H3_SEED`; `HEXTANT_H3_POINTS` sets their number (100,000).
    private static let (points, seed) = {
        let variables = ProcessInfo.processInfo.environment
        let points = variables["HEXTANT_H3_POINTS"].flatMap { Int($0) } ?? 100_000
        return (
            points, variables["HEXTANT_H3_SEED"].flatMap { UInt64($0) } ?? UInt64.random(in: 0...UInt64(UInt32.max))
        )
    }()

    /// On a processor with AVX2 this compares its kernel with the portable one and with the call for one point, which
    /// the end-to-end tests compare with C.
    @Test(arguments: Resolution.allCases)
    func everyKernelGivesTheSameCells(resolution: Resolution) throws {
        var random = SplitMix(state: Self.seed &+ UInt64(resolution.number))
        print("HEXTANT_H3_SEED=\(Self.seed)")
        let count = Self.points / 16
        var latitudes = (0..<count).map { _ in asin(Double.random(in: -1...1, using: &random)) * 180 / .pi }
        var longitudes = (0..<count).map { _ in Double.random(in: -180...180, using: &random) }
        latitudes += [.nan, 0, .infinity, 90, -90, 91, 0, 0, -0.0]
        longitudes += [0, .nan, 0, 0, 180, 200, 180, -180, 540]
        let cells = try CellBinning.latLngToCells(
            latitudes: latitudes, longitudes: longitudes, resolution: resolution)
        let portable = try latLngToCells(latitudes: latitudes, longitudes: longitudes, resolution: resolution)
        let single = zip(latitudes, longitudes).map { latitude, longitude in
            (try? H3Cell(latitude: latitude, longitude: longitude, resolution: resolution))?.bits ?? 0
        }
        #expect(zip(cells, portable).count(where: !=) == 0, "seed \(Self.seed)")
        #expect(zip(cells, single).count(where: !=) == 0, "seed \(Self.seed)")
        #expect(cells.count { $0 == 0 } == 3)
    }

    @Test func refusesWhatThePortableCallRefuses() {
        #expect(throws: H3Error.memoryBounds) {
            try CellBinning.latLngToCells(latitudes: [1, 2], longitudes: [3], resolution: 5)
        }
    }
}
