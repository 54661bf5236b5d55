import Foundation
import Testing

@testable import Web

@Suite struct PercentEncodingTests {
    @Test(arguments: ["", "abc", "a b", "a+b", "été", "100%", "a&b=c#d?e/f", "\u{1F30D}", "\0\n"])
    func whatIsEncodedIsDecodedByFoundationAndByUs(text: String) {
        let encoded = PercentEncoding.encode(text)
        #expect(encoded.removingPercentEncoding == text)
        #expect(PercentEncoding.decode(encoded, plusIsSpace: true) == text)
        #expect(encoded.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f })
    }

    @Test func aPlusIsASpaceInAQueryOnly() {
        #expect(PercentEncoding.decode("a+b", plusIsSpace: true) == "a b")
        #expect(PercentEncoding.decode("a+b", plusIsSpace: false) == "a+b")
    }
}
