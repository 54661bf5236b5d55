import Domain
import Testing

@testable import Feeds

@Suite struct DialectTests {
    private static func mapping(_ more: String = "") throws -> Mapping {
        try Mapping(
            yaml: """
                event_type: {column: kind}
                time: {column: when}
                coordinates: {longitude: x, latitude: y}
                \(more)
                """, file: "test.yaml")
    }

    @Test(arguments: [",", ";", "\t", "|"])
    func theDelimiterIsFoundInTheHeader(_ delimiter: String) async throws {
        let lines = [["kind", "when", "\"x\"", "y"], ["a", "2021-03-04", "1.5", "2.5"]]
        let text = lines.map { $0.joined(separator: delimiter) + "\r\n" }.joined()
        let outcome = try await ingest(text, by: try Self.mapping())
        #expect(await outcome.sink.rows.map(\.longitude) == [1.5])
    }

    @Test func delimitersInQuotesDoNotCount() async throws {
        let text = "\"a;b;c;d;e\",kind,when,x,y\nz,a,2021-03-04,1.5,2.5\n"
        #expect(try await ingest(text, by: try Self.mapping()).counts.accepted == 1)
    }

    @Test func aDecimalCommaIsReadWhereTheCommaIsNoDelimiter() async throws {
        let text = "kind;when;x;y\na;2021-03-04;-75,5;6.25\na;2021-03-04;1.234,5;6\na;2021-03-04;1,2,3;6\n"
        let outcome = try await ingest(text, by: try Self.mapping())
        #expect(await outcome.sink.rows.map(\.longitude) == [-75.5])
        #expect(await outcome.sink.rows.map(\.latitude) == [6.25])
        #expect(await outcome.sink.rejections == ["3 bad_number", "4 bad_number"])
    }

    @Test(arguments: [("point", ["2 bad_number"]), ("comma", ["3 bad_number"])])
    func aStatedDecimalSignIsTheOnlyOne(_ decimal: String, _ rejections: [String]) async throws {
        let text = "kind;when;x;y\na;2021-03-04;1,5;2\na;2021-03-04;1.5;2\n"
        let outcome = try await ingest(text, by: try Self.mapping("decimal: \(decimal)"))
        #expect(await outcome.sink.rejections == rejections)
    }

    @Test(arguments: [
        ("format", "xml", "not one of csv, ndjson, json"), ("encoding", "klingon", "not a known encoding"),
        ("delimiter", "ab", "one ASCII character"), ("decimal", "dot", "not one of point, comma"),
    ])
    func aStatementThatMeansNothingIsRefused(_ key: String, _ value: String, _ problem: String) {
        let error = #expect(throws: FeedError.self) { try Self.mapping("\(key): \(value)") }
        #expect(error?.line == 4)
        #expect(error?.problem.hasPrefix("\(key): ") == true)
        #expect(error?.problem.contains(problem) == true)
    }
}
