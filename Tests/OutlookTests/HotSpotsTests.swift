import Domain
import H3
import Testing

@testable import Outlook

struct HotSpotsTests {
    struct Case: Decodable {
        let name: String
        let cells: [String]
        let counts: [[Int32]]
        let scores: [[Double]]
        let s: [Int]
        let variance: [Double]
        let p: [Double]
        let threshold: Double?
        let classes: [HotSpotClass]
    }

    /// A disk of cells around Berlin.
    private static func disk(_ size: Int = 2) throws -> StudyArea {
        let middle = try H3Cell(latitude: 52.5, longitude: 13.4, resolution: 8)
        return try StudyArea(cells: middle.gridDisk(size).map(\.bits))
    }

    @Test func scoresTrendsAndClassesAreThoseOfOthers() throws {
        let cases: [Case] = try GoldenFile.read("hot_spots")
        #expect(cases.count == 6)
        for golden in cases {
            let area = try StudyArea(cells: GoldenFile.indexes(golden.cells))
            var spots = try HotSpots(area: area)
            for counts in golden.counts { try spots.append(counts) }
            for (step, expected) in golden.scores.enumerated() {
                for (cell, score) in expected.enumerated() {
                    #expect(isClose(spots.scores[step][cell], score), "\(golden.name), step \(step), cell \(cell)")
                }
            }
            let found = try spots.classified()
            for cell in area.cells.indices {
                #expect(found.trends[cell].s == golden.s[cell], "\(golden.name), cell \(cell)")
                #expect(isClose(found.trends[cell].variance, golden.variance[cell]), "\(golden.name), cell \(cell)")
                #expect(isClose(found.trends[cell].p, golden.p[cell]), "\(golden.name), cell \(cell)")
            }
            #expect((found.threshold == nil) == (golden.threshold == nil), "\(golden.name)")
            if let threshold = found.threshold, let expected = golden.threshold {
                #expect(isClose(threshold, expected), "\(golden.name)")
            }
            #expect(found.classes == golden.classes, "\(golden.name)")
        }
    }

    @Test(arguments: [0, 1, 250])
    func equalCountsAreNoSpots(_ count: Int32) throws {
        let area = try Self.disk()
        var spots = try HotSpots(area: area, window: 4)
        for _ in 0..<4 { try spots.append([Int32](repeating: count, count: area.count)) }
        let found = try spots.classified()
        #expect(spots.scores.allSatisfy { $0.allSatisfy { $0 == 0 } })
        #expect(found.threshold == nil)
        #expect(found.classes.allSatisfy { $0 == .none })
        #expect(found.trends.allSatisfy { $0.p == 1 })
    }

    @Test func aSingleCellIsNoSpot() throws {
        var spots = try HotSpots(area: try StudyArea(cells: [0x882_8308_281F_FFFF]))
        try spots.append([7])
        #expect(spots.scores == [[0]])
        #expect(try spots.classified().classes == [.none])
    }

    @Test func aCellWhoseNeighboursAreTheWholeAreaHasNoScore() throws {
        // In a disk of seven cells the middle one has all others as neighbours, and N W - W^2 is 0.
        let middle = try H3Cell(latitude: 52.5, longitude: 13.4, resolution: 8)
        let area = try StudyArea(cells: middle.gridDisk(1).map(\.bits))
        var spots = try HotSpots(area: area)
        try spots.append([1, 2, 3, 4, 5, 6, 7])
        let position = try #require(area.position(of: middle))
        #expect(spots.scores[0][position] == 0)
        #expect(spots.scores[0].contains { $0 != 0 })
    }

    @Test func oneStepCanBeNewAtMost() throws {
        let area = try Self.disk(6)
        var counts = [Int32](repeating: 0, count: area.count)
        counts[0] = 40
        var spots = try HotSpots(area: area)
        try spots.append(counts)
        let found = try spots.classified()
        #expect(Set(found.classes) == [.none, .newHot])
        #expect(found.classes[0] == .newHot)
    }

    @Test func aFullWindowForgetsItsOldestStep() throws {
        let area = try Self.disk()
        var random = SystemRandomNumberGenerator()
        let steps = (0..<7).map { _ in (0..<area.count).map { _ in Int32.random(in: 0...5, using: &random) } }
        var rolling = try HotSpots(area: area, window: 3)
        for step in steps { try rolling.append(step) }
        var fresh = try HotSpots(area: area, window: 3)
        for step in steps.suffix(3) { try fresh.append(step) }
        #expect(rolling.scores == fresh.scores)
        #expect(try rolling.classified().classes == fresh.classified().classes)
    }

    @Test func wrongInputIsRefusedByField() throws {
        let area = try Self.disk(1)
        #expect(throws: OutlookError.outOfRange(field: "window", range: "1 to 520 steps")) {
            try HotSpots(area: area, window: 0)
        }
        var spots = try HotSpots(area: area)
        #expect(throws: OutlookError.wrongLength(field: "counts", count: 2, expected: 7)) { try spots.append([1, 2]) }
        #expect(throws: OutlookError.countOutOfRange(-1, row: 2)) { try spots.append([0, 0, -1, 0, 0, 0, 0]) }
        #expect(throws: OutlookError.outOfRange(field: "alpha", range: "above 0 and below 1")) {
            try spots.classified(alpha: 1)
        }
    }

    @Test func withoutCorrectionThereAreAtLeastAsManySpots() throws {
        let golden: [Case] = try GoldenFile.read("hot_spots")
        for golden in golden {
            var spots = try HotSpots(area: try StudyArea(cells: GoldenFile.indexes(golden.cells)))
            for counts in golden.counts { try spots.append(counts) }
            let plain = try spots.classified(isCorrected: false)
            #expect(plain.threshold == 0.05)
            let corrected = try spots.classified().classes
            #expect(zip(plain.classes, corrected).allSatisfy { $0 != .none || $1 == .none })
        }
    }
}
