import Testing

@testable import Web

@Suite struct ShownTextTests {
    @Test func harmlessTextIsShownAsItIs() {
        for text in ["", "plain text", "Zürich 東京 😀"] { #expect(ShownText.of(text, upTo: 64) == text) }
    }

    @Test func whatSteersIsReplaced() {
        for scalar in [
            "\u{0}", "\n", "\u{1b}", "\u{7f}", "\u{9b}", "\u{202e}", "\u{2066}", "\u{2028}", "\u{200b}", "\u{feff}",
        ] {
            #expect(ShownText.of("a\(scalar)b", upTo: 64) == "a\u{fffd}b")
        }
    }

    @Test func itIsCutByBytesAndNotByCharacters() {
        // One character on the screen, but 20 kB.
        let piled = "e" + String(repeating: "\u{301}", count: 10_000)
        #expect(ShownText.of(piled, upTo: 64).utf8.count <= 64 + "…".utf8.count)
        #expect(ShownText.of(String(repeating: "é", count: 10), upTo: 5) == "éé…")
        #expect(ShownText.of(String(repeating: "a", count: 10), upTo: 5) == "aaaaa…")
    }
}
