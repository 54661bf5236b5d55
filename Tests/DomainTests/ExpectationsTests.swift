import Domain
import TestSupport
import Testing

/// Expectations of batches, and the scores of their records.
@Suite struct ExpectationsTests {
    private static func checks(_ expect: Expectations, _ change: (inout BatchFacts) -> Void) -> [String] {
        var facts = BatchFacts()
        facts.received = 100
        change(&facts)
        return expect.findings(facts).map { [$0.check.rawValue, $0.column].compactMap(\.self).joined(separator: " ") }
    }

    @Test(arguments: [(99, ["rows"]), (100, []), (200, []), (201, ["rows"])] as [(Int, [String])])
    func rowsHaveALeastAndAGreatestNumber(_ received: Int, _ found: [String]) {
        #expect(Self.checks(Expectations(rows: 100...200)) { $0.received = received } == found)
    }

    /// The median of 80, 100 and 120 is 100, of 80, 100, 110 and 120 it is 105.
    @Test(
        arguments: [
            ([80, 100, 120], 50, []), ([80, 100, 120], 49, ["row_change"]), ([120, 80, 100], 151, ["row_change"]),
            ([80, 100, 110, 120], 157, []), ([80, 100, 110, 120], 158, ["row_change"]), ([100, 100], 1, []),
        ] as [([Int], Int, [String])])
    func rowsAreComparedWithTheMedianOfTheLastBatches(_ earlier: [Int], _ received: Int, _ found: [String]) {
        let checks = Self.checks(Expectations(rowChange: 0.5)) {
            $0.earlier = earlier
            $0.received = received
        }
        #expect(checks == found)
    }

    @Test func theShareOfValidRecordsTheAgeAndEventsStillToComeAreFindings() {
        let expect = Expectations(freshDays: 75, validShare: 0.9)
        #expect(
            Self.checks(expect) {
                $0.rejected = 10
                $0.ageDays = 75
            }.isEmpty)
        #expect(
            Self.checks(expect) {
                $0.rejected = 11
                $0.ageDays = 76
            } == ["valid_share", "fresh_days"])
        #expect(Self.checks(Expectations()) { $0.futureEvents = 1 } == ["future"])
        // Without records there is no share, and without events no age.
        #expect(Self.checks(expect) { $0.received = 0 }.isEmpty)
    }

    @Test func aColumnWithoutAValueAndRepeatedValuesAreFindings() throws {
        let expect = Expectations(columns: [
            try ColumnExpectation(name: "kind"), try ColumnExpectation(name: "id", isUnique: true),
            try ColumnExpectation(name: "case", isUnique: true),
        ])
        let checks = Self.checks(expect) {
            $0.quality.values = [0, 3, 2]
            $0.repeated = [(0, false), (2, false)]
        }
        #expect(checks == ["columns kind", "unique case"])
        // A file of rejected records says nothing about its columns.
        #expect(Self.checks(expect) { $0.rejected = 100 }.isEmpty)
    }

    @Test func aFeedStatesInPlaceOfTheMapping() throws {
        let mapping = Expectations(
            rows: 1...10, freshDays: 3, columns: [try ColumnExpectation(name: "a"), try ColumnExpectation(name: "b")])
        let feed = Expectations(
            rows: 5...6, validShare: 0.5, columns: [try ColumnExpectation(name: "a", isRequired: true)])
        let both = mapping.stating(feed)
        #expect(both.rows == 5...6)
        #expect(both.freshDays == 3)
        #expect(both.validShare == 0.5)
        #expect(both.columns.map(\.name) == ["b", "a"])
        #expect(both.columns[1].isRequired)
    }

    @Test(
        arguments: [("text", [0, 1], "range"), ("colour", nil, "type"), (nil, [2, 1], "range"), (nil, [1], "range")]
            as [(String?, [Double]?, String)])
    func anExpectationThatCannotBeFulfilledIsRefused(_ kind: String?, _ range: [Double]?, _ key: String) {
        let fault = #expect(throws: ExpectationFault.self) {
            try ColumnExpectation(name: "a", kind: kind, range: range)
        }
        #expect(fault?.key == key)
    }

    @Test func scoresFollowFromTheirNumbers() {
        var scores = QualityScores()
        #expect(scores.completeness == nil)
        #expect(scores.validity == nil)
        #expect(scores.timeliness == nil)
        scores.received = 8
        scores.rejected = 2
        scores.fields = 10
        scores.blankFields = 1
        scores.ageDays = 62
        #expect(scores.validity == 0.75)
        #expect(scores.completeness == 0.9)
        // A month where nothing is expected.
        #expect(scores.timeliness == 0.5)
        scores.freshDays = 62
        #expect(scores.timeliness == 1)
    }

    @Test func repetitionsAreExactUpToTheLimitAndEstimatedBeyond() {
        var exact = UniqueValues()
        for value in [1, 2, 1, 3, 1, 2] as [UInt64] { exact.add(value &* 0x9E37_79B9_7F4A_7C15) }
        #expect(exact.repeated == 3)
        #expect(!exact.isEstimate)

        // 40,000 values, each twice, in room for 1,000.
        var bounded = UniqueValues(most: 1000)
        var random = SplitMix(state: 7)
        let hashes = (0..<40_000).map { _ in random.next() }
        for hash in hashes + hashes { bounded.add(hash) }
        #expect(bounded.isEstimate)
        // What is remembered is 500 to 1,000 of 40,000, so the error is some 4 %.
        #expect((30_000...50_000).contains(bounded.repeated), "\(bounded.repeated)")
    }
}
