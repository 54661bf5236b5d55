import Foundation
import NIOCore
import Testing

@testable import JSON

@Suite struct JSONWriterTests {
    private func read(_ write: (inout JSONWriter) -> Void) throws -> Any {
        var json = JSONWriter()
        write(&json)
        return try JSONSerialization.jsonObject(with: Data(json.buffer.readableBytesView), options: .fragmentsAllowed)
    }

    @Test(arguments: [
        "", "plain", "quote \" and \\ backslash", "line\nbreak\ttab\r", "\u{0}\u{1}\u{1f}\u{7f}", "été \u{1F30D}",
        "</script>",
    ])
    func textReadsBack(text: String) throws {
        #expect(try read { $0.value(text) } as? String == text)
    }

    @Test(arguments: [
        0.0, -0.0, 0.1 + 0.2, 1.0 / 3, 1e300, Double.leastNonzeroMagnitude, -1.7976931348623157e308, 100, 1e16,
        123_456_789.123_456_79, 1e-7,
    ])
    func numbersReadBackBitForBit(number: Double) throws {
        let back = try JSONDecoder().decode(Double.self, from: Data(text { $0.value(number) }.utf8))
        #expect(back.bitPattern == number.bitPattern || (number == 0 && back == 0))
    }

    @Test(arguments: [Double.nan, .infinity, -.infinity])
    func whatJSONHasNoWordForIsNull(number: Double) {
        #expect(text { $0.value(number) } == "null")
    }

    @Test func nestedValuesAreSeparated() {
        let written = text { json in
            json.object { json in
                json.field("a", 1)
                json.object("b") { $0.field("c", true) }
                json.array("d", of: [1.5, 2]) { $0.value($1) }
                json.array("e", of: [Int]()) { $0.value($1) }
                json.name("f")
                json.raw("{\"g\": []}")
                json.field("h", String?.none)
            }
        }
        #expect(written == #"{"a":1,"b":{"c":true},"d":[1.5,2.0],"e":[],"f":{"g": []},"h":null}"#)
    }

    private func text(_ write: (inout JSONWriter) -> Void) -> String {
        var json = JSONWriter()
        write(&json)
        return String(buffer: json.buffer)
    }
}
