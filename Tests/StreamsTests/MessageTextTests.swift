import Feeds
import Testing

@testable import Streams

struct MessageTextTests {
    private static let place = MessagePlace(topic: "t", partition: 0)

    private static func messages(_ payloads: [[UInt8]]) -> [BrokerMessage] {
        payloads.enumerated().map { BrokerMessage($1, place: place, offset: Int64($0)) }
    }

    private static func text(_ texts: [String], _ format: MessageStream.Format = .json) -> MessageText {
        MessageText(messages(texts.map { Array($0.utf8) }), as: format)
    }

    @Test(
        arguments: [
            ("{\"a\": 1}", "{\"a\": 1}\n"), ("{\n  \"a\":\r\n 1\n}\n", "{   \"a\":   1 }\n"),
            ("[{\"a\": 1}, {\"b\": [2, 3]}]", "{\"a\": 1}\n{\"b\": [2, 3]}\n"), ("[]", ""),
            ("{\"features\": [{\"a\": 1}]}", "{\"features\": [{\"a\": 1}]}\n"),
            ("{\"a\": \"],[\\\"}\"}", "{\"a\": \"],[\\\"}\"}\n"), ("\u{FEFF}{\"a\": 1}", "{\"a\": 1}\n"),
        ])
    func anObjectIsALineAndAnArrayIsSeveral(message: String, lines: String) {
        let text = Self.text([message])
        #expect(String(decoding: text.bytes, as: UTF8.self) == lines)
        #expect(text.unreadable.isEmpty)
    }

    @Test func featuresOfACollectionAreLines() {
        let collection = "{\"type\": \"x\", \"x\": {\"features\": [1]}, \"features\": [{\"a\": 1}, {\"b\": 2}]}"
        let text = Self.text([collection, "{\"type\": \"Feature\"}"], .geojson)
        #expect(String(decoding: text.bytes, as: UTF8.self) == "{\"a\": 1}\n{\"b\": 2}\n{\"type\": \"Feature\"}\n")
    }

    @Test(
        arguments: [
            ("hello", "bad_json"), ("[{\"a\": 1}", "bad_json"), ("[{\"a\": 1}] x", "bad_json"), ("[1, 2]", "bad_json"),
            ("{\"a\": \"\0\"}", "nul_byte"), ("PK\u{3}\u{4}", "bad_json"),
        ])
    func whatCannotBeALineIsToldAndLeavesTheOthersAlone(message: String, reason: String) {
        let text = Self.text(["{\"a\": 1}", message, "{\"b\": 2}"])
        #expect(String(decoding: text.bytes, as: UTF8.self) == "{\"a\": 1}\n{\"b\": 2}\n")
        #expect(text.unreadable.map(\.reason.rawValue) == [reason])
        #expect(text.unreadable[0].detail.contains("the message 1 of t[0]"))
    }

    @Test func bytesThatAreNotUTF8AreKeptAsDeadLettersWriteThem() {
        let text = MessageText(Self.messages([[0x7B, 0xFF, 0x7D]]), as: .json)
        #expect(text.bytes.isEmpty)
        #expect(text.unreadable.map(\.reason) == [.badUTF8])
        #expect(text.unreadable.map(\.raw) == ["{\\xFF}"])
    }

    @Test func aMessageThatIsTooLongIsCut() {
        let long = Array("{\"a\": \"".utf8) + [UInt8](repeating: 0x61, count: MessageText.mostBytes)
        let text = MessageText(Self.messages([long]), as: .json)
        #expect(text.bytes.isEmpty)
        #expect(text.unreadable.map(\.reason) == [.recordTooLong])
        #expect(text.unreadable[0].raw.utf8.count == 65_536)
    }

    @Test func messagesWithoutContentAreCounted() {
        let text = Self.text(["", " \n", "{\"a\": 1}"])
        #expect(text.empty == 2)
        #expect(text.unreadable.isEmpty)
        #expect(text.bytes.count == 9)
    }

    @Test func linesOfCSVStandBelowAHeader() {
        let columns = ["type", "a \"b\""]
        let text = Self.text(["x,1\ny,2", "z,\"a\nb\"\n", "q,\"open"], .csv(columns: columns))
        #expect(
            String(decoding: text.bytes, as: UTF8.self)
                == "\"type\",\"a \"\"b\"\"\"\nx,1\ny,2\nz,\"a\nb\"\n")
        #expect(text.unreadable.map(\.reason) == [.unterminatedQuote])
        #expect(Self.text(["q,\"open"], .csv(columns: columns)).bytes.isEmpty)
    }
}
