import Domain
import Testing

@testable import Feeds

/// Quotes in whole files: a stray one costs its own line, and a mapping may say what quotes mean.
@Suite struct QuoteFeedTests {
    private static func mapping(_ more: String = "") throws -> Mapping {
        try Mapping(
            yaml: """
                event_type: {column: type}
                time: {column: time, patterns: ["yyyy-MM-dd HH:mm"]}
                coordinates: {longitude: lon, latitude: lat}
                attributes: {columns: all}
                \(more)
                """, file: "test.yaml")
    }

    private static func row(_ note: String, _ delimiter: String = ",") -> String {
        ["theft", "2021-03-04 05:06", "-79.4", "43.7", note].joined(separator: delimiter)
    }

    private static let header = "type,time,lon,lat,note"

    @Test func theBrokenLineIsADeadLetterWithItsNumberAndTextAndTheOthersAreEvents() async throws {
        let broken = Self.row("\"Toys \"\"R Us, Inc.")
        let rows = (1...30).map { $0 == 3 ? broken : Self.row($0 == 27 ? "size 12\"" : "note \($0)") }
        let outcome = try await ingest(([Self.header] + rows).joined(separator: "\n"), by: try Self.mapping())
        #expect(outcome.counts.received == 30)
        #expect(outcome.counts.accepted == 29)
        #expect(await outcome.sink.rejections == ["4 unterminated_quote"])
        let letter = try #require(await outcome.sink.deadLetters.first)
        #expect(letter.raw == broken)
        #expect(letter.rowNumber == 3)
        #expect(await outcome.sink.rows.map(\.rowNumber) == (1...30).filter { $0 != 3 }.map { Int64($0) })
        #expect(await outcome.sink.rows[25].attributes == #"{"note":"size 12\""}"#)
    }

    /// The reader takes blocks of 1 MiB. The quote opens before the end of a block and is closed after it, at each of
    /// the places around the border.
    @Test(arguments: [-120, -80, -45, -3, -2, -1, 0, 1, 2, 30, 80])
    func aQuoteAtTheBorderOfABlockCostsItsOwnLine(_ shift: Int) async throws {
        let border = 1 << 20
        var text = Self.header + "\n"
        let good = Self.row("fine") + "\n"
        while text.utf8.count + 4 * good.utf8.count < border + shift { text += good }
        let quoted = Self.row("\"open")
        // The quote itself is to stand at the border.
        let padding = border + shift - text.utf8.count - (quoted.utf8.count - 5) - Self.row("").utf8.count - 1
        text += Self.row(String(repeating: "x", count: padding)) + "\n"
        #expect(text.utf8.count + quoted.utf8.count - 5 == border + shift)
        let line = text.utf8.count { $0 == 0x0A } + 1
        text += quoted + "\n" + String(repeating: good, count: 4) + Self.row("close\"") + "\n"
        text += String(repeating: good, count: 30)
        let outcome = try await ingest(text, by: try Self.mapping())
        #expect(await outcome.sink.rejections == ["\(line) unterminated_quote"])
        #expect(outcome.counts.accepted == line - 2 + 4 + 1 + 30)
    }

    @Test func amongManyBlocksEveryBrokenLineIsFound() async throws {
        let count = 60_000
        var text = Self.header + "\r\n"
        for row in 1...count { text += Self.row(row % 1000 == 0 ? "\"open \(row)" : "note \(row)") + "\r\n" }
        let outcome = try await ingest(text, by: try Self.mapping())
        #expect(outcome.counts.received == count)
        #expect(
            await outcome.sink.rejections == (1...count / 1000).map { "\($0 * 1000 + 1) unterminated_quote" })
    }

    @Test func textAfterAQuoteSaysWhatCanBeDone() async throws {
        let outcome = try await ingest(
            [Self.header, Self.row("\"Smith\" Ave"), Self.row("\"fine\"")].joined(separator: "\n"),
            by: try Self.mapping())
        #expect(await outcome.sink.rejections == ["2 text_after_quote"])
        let detail = try #require(await outcome.sink.deadLetters.first?.detail)
        #expect(detail.contains("escape:"))
        #expect(detail.contains("quote: none"))
    }

    @Test func aMappingMayTakeQuotesForOrdinaryCharacters() async throws {
        let text = [
            Self.header.replacing(",", with: "\t"), Self.row("\"Broken glass", "\t"), Self.row("5\" pipe", "\t"),
            Self.row("\"Smith\" Ave", "\t"),
        ].joined(separator: "\n")
        let outcome = try await ingest(text, by: try Self.mapping("quote: none"))
        #expect(
            await outcome.sink.rows.map(\.attributes) == [
                #"{"note":"\"Broken glass"}"#, #"{"note":"5\" pipe"}"#, #"{"note":"\"Smith\" Ave"}"#,
            ])
    }

    @Test func aMappingMayNameTheEscapeOfQuotes() async throws {
        let text = """
            "type","time","lon","lat","note"
            "theft","2021-03-04 05:06",-79.4,43.7,"Herald \\"MAJOR CRIMES UP, AGAIN\\" March 11"
            "theft","2021-03-05 05:06",-79.4,43.7,"plain"
            "theft","2021-03-06 05:06",-79.4,43.7,"a \\"b\\" c"
            """
        let plain = try await ingest(text, by: try Self.mapping())
        #expect(await plain.sink.rejections == ["2 text_after_quote", "4 text_after_quote"])
        let escaped = try await ingest(text, by: try Self.mapping(#"escape: "\\""#))
        #expect(
            await escaped.sink.rows.map(\.attributes) == [
                #"{"note":"Herald \"MAJOR CRIMES UP, AGAIN\" March 11"}"#, #"{"note":"plain"}"#,
                #"{"note":"a \"b\" c"}"#,
            ])
    }

    @Test func anotherQuoteMayBeNamed() async throws {
        let text = [Self.header, Self.row("'a, \"b\" and ''c'''")].joined(separator: "\n")
        let outcome = try await ingest(text, by: try Self.mapping("quote: \"'\""))
        #expect(await outcome.sink.rows.map(\.attributes) == [#"{"note":"a, \"b\" and 'c'"}"#])
    }

    @Test func theLinesOfAQuotedTextHaveALimitThatAMappingMayRaise() async throws {
        let note = "\"" + (1...600).map { "line \($0)" }.joined(separator: "\n") + "\""
        let text = [Self.header, Self.row("a"), Self.row(note), Self.row("b")].joined(separator: "\n")
        let limited = try await ingest(text, by: try Self.mapping("rejects: {share: 1}"))
        #expect(await limited.sink.rejections.first == "3 unterminated_quote")
        #expect(await limited.sink.deadLetters.first?.detail.contains("500 lines (max_quoted_lines)") == true)
        #expect(limited.counts.accepted == 2)
        let raised = try await ingest(text, by: try Self.mapping("max_quoted_lines: 600"))
        #expect(raised.counts.accepted == 3)
        #expect(raised.counts.rejected == 0)
    }

    @Test(arguments: [
        ("quote: ''", "quote"), ("quote: ab", "quote"), ("escape: é", "escape"), (#"escape: '"'"#, "escape"),
        ("max_quoted_lines: 0", "max_quoted_lines"), ("comment: none of them", "comment"),
    ])
    func aStatementWithoutAMeaningIsRefused(_ line: String, _ key: String) {
        let error = #expect(throws: FeedError.self) { try Self.mapping(line) }
        #expect(error?.code == .mapping)
        #expect(error?.problem.hasPrefix(key) == true, "\(String(describing: error))")
        #expect(error?.line == 5)
    }
}
