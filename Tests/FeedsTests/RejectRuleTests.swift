import Domain
import Testing

@testable import Feeds

/// Files that clearly do not fit their mapping.
@Suite struct RejectRuleTests {
    private static func mapping(_ rejects: String = "") throws -> Mapping {
        try Mapping(
            yaml: """
                event_type: {constant: outage}
                time: {column: at}
                coordinates: {longitude: lon, latitude: lat}
                count: {column: n}
                filter: [{column: n, not_in: ["9"]}]
                \(rejects)
                """, file: "test.yaml")
    }

    private static let header = "at,lon,lat,n\n"
    private static let good = "2021-03-04,1,2,1\n"
    private static let bad = "2021-03-04,east,2,1\n"

    private static func repeated(_ line: String, _ count: Int) -> String { String(repeating: line, count: count) }

    private static func ended(_ text: String, _ mapping: Mapping) async throws -> TooManyRejects? {
        do {
            _ = try await ingest(text, by: mapping)
            return nil
        } catch let error as TooManyRejects {
            return error
        }
    }

    @Test func aFileOfWhichMostIsRejectedIsGivenUpEarly() async throws {
        let text = Self.header + Self.repeated(Self.good, 500) + Self.repeated(Self.bad, 60_000)
        let error = try #require(try await Self.ended(text, try Self.mapping()))
        #expect(error.records < 12_000)
        #expect(error.counts.byReason == ["bad_number": error.records - 500])
        #expect(error.letters.count == TooManyRejects.lettersKept)
        #expect(error.letters.first?.lineNumber == 502)
        #expect("\(error)".hasPrefix("too_many_rejects: "))
    }

    @Test(arguments: [
        // Most of a few records may be bad, but at most half of many.
        (0, 999, "", true), (0, 1000, "", false), (2000, 2000, "", true), (1999, 2001, "", false),
        (0, 30_000, "rejects: {share: 1}", true), (999, 1, "rejects: {share: 0}", false),
        (1000, 0, "rejects: {share: 0}", true),
        (0, 30, "rejects: {after: 30}", false), (0, 2999, "rejects: {after: 3000}", true),
    ])
    func theShareIsTheMappings(_ good: Int, _ bad: Int, _ rejects: String, _ isRead: Bool) async throws {
        let text = Self.header + Self.repeated(Self.good, good) + Self.repeated(Self.bad, bad)
        #expect((try await Self.ended(text, try Self.mapping(rejects)) == nil) == isRead)
    }

    /// A record counts once, however many events it contains; a record that the mapping leaves out does not count.
    @Test func recordsAreCountedAndNotEvents() async throws {
        let many = "2021-03-04,1,2,500\n"
        let left = "2021-03-04,1,2,9\n"
        let text =
            Self.header + Self.repeated(many, 400) + Self.repeated(left, 5000) + Self.repeated(Self.bad, 700)
        let error = try #require(try await Self.ended(text, try Self.mapping()))
        #expect(error.records <= 1100)
        #expect(error.counts.total <= 700)
    }

    @Test(arguments: ["share: 1.5", "share: -1", "share: half", "share: nan", "after: 0", "after: 1e3"])
    func aRuleThatCannotBeIsRefusedWithItsKey(_ rule: String) {
        let error = #expect(throws: FeedError.self) { try Self.mapping("rejects: {\(rule)}") }
        #expect(error?.problem.hasPrefix("rejects.\(rule.prefix(5)): must be") == true)
    }

    @Test func aPreviewReadsToTheEnd() async throws {
        let text = Self.header + Self.repeated(Self.bad, 30_000)
        try await withFile(Array(text.utf8)) { file in
            let preview = try await IngestPreview(file, mapping: try Self.mapping(), defaultZone: "UTC")
            #expect(preview.counts.rejected == 30_000)
        }
    }
}
