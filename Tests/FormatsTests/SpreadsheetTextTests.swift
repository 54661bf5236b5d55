import NIOCore
import Testing

@testable import Formats

@Suite struct SpreadsheetTextTests {
    /// The single field of a line that is written.
    private func written(_ text: String) -> String {
        let writer = CSVWriter(properties: [FeatureProperty("t", .text)], columns: [0])
        var buffer = ByteBuffer()
        let feature = Feature(id: "1", place: .point(longitude: 0, latitude: 0), values: [.text(text)])
        writer.write(feature, into: &buffer)
        return String(buffer: buffer)
    }

    /// The field that a CSV reader gets, and the original restored by the rule in docs/http.md.
    private func read(_ line: String) -> (field: String, original: String) {
        var field = line.hasSuffix("\r\n") ? String(line.unicodeScalars.dropLast(2)) : line
        if field.hasPrefix("\"") {
            field = String(field.unicodeScalars.dropFirst().dropLast()).replacing("\"\"", with: "\"")
        }
        return (field, field.unicodeScalars.first == "'" ? String(field.unicodeScalars.dropFirst()) : field)
    }

    private static let signs = [
        "=", "+", "-", "@", "\u{ff1d}", "\u{ff0b}", "\u{ff0d}", "\u{ff20}", "\u{fe66}", "\u{fe62}", "\u{fe63}",
        "\u{fe6b}",
        "\u{207a}", "\u{208c}", "\u{2212}",
    ]
    private static let skipped = [
        "", " ", "\t", "\n", "\r", "\r\n", "\n\n", "\u{b}", "\u{c}", "\u{a0}", "\u{feff}", "\u{200b}", "\u{200d}",
        "\u{2060}", "\u{3000}", "\u{2028}", "\u{85}", "\u{ad}", "\u{202e}", "\u{0}", "\u{1}", "\u{7f}", "\u{180e}",
        "\u{115f}", "\u{3164}", "\u{fe0f}", "\u{e0020}", " \u{200b}\n ",
    ]

    @Test(arguments: signs)
    func aFormulaIsGuardedWhateverUnseenStandsInFront(_ sign: String) {
        for before in Self.skipped {
            let text = "\(before)\(sign)HYPERLINK(\"http://x\")"
            let (field, original) = read(written(text))
            #expect(field.unicodeScalars.first == "'", "\(text.debugDescription)")
            #expect(Array(original.utf8) == Array(text.utf8))
        }
    }

    @Test(arguments: ["\ttheft", "\ntheft", "\rtheft", "'theft", "''", "'", "'=1", "''=1"])
    func whatLooksGuardedOrBreaksALineIsGuardedToo(_ text: String) {
        let (field, original) = read(written(text))
        #expect(Array(field.utf8) == Array("'\(text)".utf8))
        #expect(Array(original.utf8) == Array(text.utf8))
    }

    @Test(arguments: [
        "theft", "a=b", "7", "7-11", "", " theft", "\u{a0}theft", "(x)", "#1", "\"=1\"", "é", "日本", "🚗", "/=1", "_",
        "~",
        "*", "%", "a\n=b",
    ])
    func otherTextsStayAsTheyAre(_ text: String) {
        #expect(Array(read(written(text)).field.utf8) == Array(text.utf8))
    }
}
