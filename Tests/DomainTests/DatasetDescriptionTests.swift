import Domain
import Foundation
import TestDomain
import Testing

struct DatasetDescriptionTests {
    /// The fault of a description with one member; `nil` when there is none.
    private func fault(_ member: String) throws -> DatasetDescriptionError? {
        let dataset = Dataset(slug: "a", title: "T", licence: "L", attribution: "A", resolutions: [7])
        do {
            let description = try JSONDecoder().decode(DatasetDescription.self, from: Data("{\(member)}".utf8))
            _ = try description.applied(to: dataset)
            return nil
        } catch let error as DatasetDescriptionError {
            return error
        } catch let error as DecodingError {
            return DatasetDescriptionError(error)
        }
    }

    @Test(
        arguments: [
            (1e308, 1, 1), (1, 1e308, 1), (1, 1, 1e308), (1000.5, 1, 1), (-0.1, 1, 1), (1, -1e-300, 1), (0, 0, 0),
            (1e-300, 0, 0), (0.0009, 0.0009, 0.0009),
        ] as [(Double, Double, Double)])
    func weightsThatCannotBeScoredByAreRefused(_ count: Double, _ growth: Double, _ average: Double) throws {
        let fault = try fault(#""weights": {"count": \#(count), "growth": \#(growth), "average": \#(average)}"#)
        #expect(fault?.field == "weights")
        #expect(!RiskWeights(count: count, growth: growth, average: average).isSound)
    }

    @Test(arguments: [(0.5, 0.3, 0.2), (1000, 1000, 1000), (0, 0, 0.001), (0, 1000, 0)] as [(Double, Double, Double)])
    func otherWeightsAreTaken(_ count: Double, _ growth: Double, _ average: Double) throws {
        #expect(try fault(#""weights": {"count": \#(count), "growth": \#(growth), "average": \#(average)}"#) == nil)
    }

    @Test(arguments: [Double.nan, .infinity, -.infinity])
    func whatIsNoNumberIsNoWeight(_ value: Double) {
        #expect(!RiskWeights(count: value, growth: 1, average: 1).isSound)
        #expect(!RiskWeights(count: 1, growth: 1, average: value).isSound)
    }

    @Test(arguments: [
        (#""weights": {"count": 1e999, "growth": 1, "average": 1}"#, "weights.count"),
        (#""flag_z": 1e308"#, "flag_z"), (#""flag_z": 0"#, "flag_z"), (#""flag_z": -1"#, "flag_z"),
        (#""levels": {"medium": -1, "high": 2, "critical": 3}"#, "levels"),
        (#""levels": {"medium": 1, "high": 2, "critical": 101}"#, "levels"),
        (#""time_zone": "localtime""#, "time_zone"), (#""licence_url": "javascript:alert(1)""#, "licence_url"),
        (#""title": "a\u001b[31m""#, "title"), (#""attribution": "a\u0000""#, "attribution"),
        (#""licence": "a\nb""#, "licence"), (#""attribution": "a\u009b""#, "attribution"),
    ])
    func theFieldAtFaultIsNamed(_ member: String, _ field: String) throws {
        let fault = try fault(member)
        // Faults found by the decoder itself do not always name their field.
        #expect(fault != nil)
        #expect(fault?.field == field || fault?.field == nil)
    }

    @Test(arguments: [
        (#""levels": [1, 2, 3]"#, "levels", "must be {medium: 25, high: 50, critical: 75}"),
        (#""resolutions": [7, "x"]"#, "resolutions", "must be a list such as [7, 8]"),
        (#""weights": {"count": 1, "growth": 1, "average": "x"}"#, "weights.average", "must be a number"),
        (
            #""weights": {"count": 1, "growht": 1}"#, "weights.growht",
            "is not a key; the keys are: count, growth, average"
        ),
        (#""levels": {"medium": 1, "high": 2}"#, "levels.critical", "is missing"),
        (#""resolutions": [7, 8.5]"#, "resolutions", "must be a list such as [7, 8]"),
        (#""retention_days": 1e300"#, "retention_days", "must be a whole number of days"),
        (#""retention_days": 0.5"#, "retention_days", "must be a whole number of days"),
        (#""retention_days": -1"#, "retention_days", "must be 1 to 36500 days, or 0 to keep all"),
        (#""retention_days": 36501"#, "retention_days", "must be 1 to 36500 days, or 0 to keep all"),
    ])
    func theFaultSaysHowAValueIsWritten(_ member: String, _ field: String, _ message: String) throws {
        let fault = try fault(member)
        #expect(fault?.field == field)
        #expect(fault?.message == message)
    }

    @Test(arguments: [
        (#""expect": {"rows": [1]}"#, "expect.rows"), (#""expect": {"rows": [2, 1]}"#, "expect.rows"),
        (#""expect": {"rows": [0.5, 1]}"#, "expect.rows"), (#""expect": {"days": 1}"#, "expect.days"),
        (#""expect": {"fresh_days": 0}"#, "expect.fresh_days"), (#""expect": 5"#, "expect"),
        (#""expect": {"columns": [{"column": "a", "type": "colour"}]}"#, "expect.columns.type"),
        (#""expect": {"columns": [{"column": "a"}, {"column": "a"}]}"#, "expect.columns.column"),
        (#""expect": {"columns": [{"column": "a", "wide": 1}]}"#, "expect.columns.wide"),
    ])
    func anExpectationThatCannotBeMeantIsNamed(_ member: String, _ field: String) throws {
        #expect(try fault(member)?.field == field)
    }

    @Test func expectationsAreWhatIsDescribed() throws {
        let text = #"""
            {"slug": "a", "title": "T", "licence": "L", "attribution": "A", "resolutions": [7], "expect": {
                "rows": [1, 60000], "row_change": 0.5, "fresh_days": 75, "valid_share": 0.9, "columns": [
                    {"column": "age", "range": [0, 120]}, {"column": "id", "unique": true, "in": ["x", "y"]}]}}
            """#
        let dataset = try JSONDecoder().decode(DatasetDescription.self, from: Data(text.utf8)).dataset()
        let expected = Expectations(
            rows: 1...60_000, rowChange: 0.5, freshDays: 75, validShare: 0.9,
            columns: [
                try ColumnExpectation(name: "age", kind: "number", range: [0, 120]),
                try ColumnExpectation(name: "id", allowed: ["y", "x"], isUnique: true),
            ])
        #expect(dataset.expect == expected)
        // The database keeps the same.
        let kept = try JSONEncoder().encode(ExpectationDescription(expected))
        #expect(try JSONDecoder().decode(ExpectationDescription.self, from: kept).expectations() == expected)
    }

    @Test func aRetentionIsSetAndTakenBack() throws {
        func changed(_ dataset: Dataset, _ days: Int) throws -> Dataset {
            try JSONDecoder().decode(DatasetDescription.self, from: Data(#"{"retention_days": \#(days)}"#.utf8))
                .applied(to: dataset)
        }
        let dataset = Dataset(slug: "a", title: "T", licence: "L", attribution: "A", resolutions: [7])
        let kept = try changed(dataset, 365)
        #expect(kept.retentionDays == 365)
        #expect(try changed(kept, 0).retentionDays == nil)
    }

    @Test func aTextThatIsTooLongIsRefused() throws {
        let text = String(repeating: "a", count: 2001)
        #expect(try fault(#""attribution": "\#(text)""#)?.field == "attribution")
        #expect(try fault(#""attribution": "\#(text.dropLast())""#) == nil)
    }

    @Test func whatABlockOfYAMLEndsWithIsNoPartOfATitle() throws {
        let text = #"{"slug": "a", "title": "T\n", "licence": "L", "attribution": "A\n", "resolutions": [7]}"#
        let dataset = try JSONDecoder().decode(DatasetDescription.self, from: Data(text.utf8)).dataset()
        #expect(dataset.title == "T")
        #expect(dataset.attribution == "A")
    }

    @Test func aDatasetOfExpendituresNeedsNoResolutions() throws {
        func dataset(_ holds: String) throws -> Dataset {
            let json = #"{"slug":"a","title":"T","licence":"L","attribution":"A"\#(holds)}"#
            return try JSONDecoder().decode(DatasetDescription.self, from: Data(json.utf8)).dataset()
        }
        #expect(try dataset(#","holds":"expenditures""#).holds == .expenditures)
        #expect(try dataset(#","resolutions":[7]"#).holds == .events)
        for holds in ["", #","holds":"events""#] {
            let error = #expect(throws: DatasetDescriptionError.self) { try dataset(holds) }
            #expect(error?.field == "resolutions")
        }
        #expect(try fault(#""holds": "payments""#)?.field == "holds")
    }
}
