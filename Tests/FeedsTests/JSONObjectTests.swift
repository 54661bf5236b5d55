import Foundation
import TestSupport
import Testing

@testable import Feeds

@Suite struct JSONObjectTests {
    private func problem(_ text: String) -> String? {
        do throws(JSONObject.Fault) {
            try JSONObject.check(Array(text.utf8).span)
            return nil
        } catch {
            return error.problem
        }
    }

    @Test(arguments: [
        "{}", " { } \n", #"{"a":1}"#, #"{"a":[1,2.5e-3,-0,"x",true,false,null,{}]}"#,
        #"{"a":"\u00e9\n\ud83d\ude00\/"}"#,
        #"{"a":1,"a":2}"#, "{\"é\":\"日本\"}",
    ])
    func acceptsObjects(_ text: String) {
        #expect(problem(text) == nil)
    }

    @Test(arguments: [
        "", "null", "[]", "\"a\"", "{", "}", "{a:1}", "{'a':1}", #"{"a"}"#, #"{"a":}"#, #"{"a":1,}"#, #"{"a":1}}"#,
        #"{"a":01}"#, #"{"a":1.}"#, #"{"a":.5}"#, #"{"a":+1}"#, #"{"a":1e}"#, #"{"a":nan}"#, #"{"a":tru}"#,
        #"{"a":"b}"#, "{\"a\":\"\t\"}", #"{"a":"\x"}"#, #"{"a":"\u12g4"}"#, #"{"a":[1 2]}"#, #"{"a":[1}"#,
        #"{"a":1 "b":2}"#, #"{"a":"\"#, #"{"a":-}"#, #"{"a":[1,]}"#,
    ])
    func refusesWhatIsNoObject(_ text: String) {
        #expect(problem(text) != nil)
    }

    /// Each of these is valid JSON that PostgreSQL's `jsonb` input refuses.
    @Test(arguments: [
        #"{"a":"\u0000"}"#, #"{"a":"\ud83d"}"#, #"{"a":"\ude00"}"#, #"{"a":"\ud83dx"}"#, #"{"a":1e400000}"#,
        "{\"a\":" + String(repeating: "[", count: 100_000) + String(repeating: "]", count: 100_000) + "}",
    ])
    func refusesWhatTheDatabaseCannotHold(_ text: String) {
        #expect(problem(text) != nil)
    }

    @Test func agreesWithFoundationOnDamagedTexts() throws {
        var random = SplitMix(state: 2)
        let whole = Array(#"{"a": [1, -2.5e3, "x\n\"y"], "b": {"c": null, "d": true}, "e": 10}"#.utf8)
        let alphabet = Array(#"{}[]",:\ 0123.e-+atrufnl"#.utf8)
        for _ in 0..<5_000 {
            var bytes = whole
            for _ in 0..<Int.random(in: 1...2, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: bytes.remove(at: place)
                case 1: bytes[place] = alphabet.randomElement(using: &random) ?? 0
                default: bytes.insert(alphabet.randomElement(using: &random) ?? 0, at: place)
                }
            }
            // Foundation cannot be the reference here: it refuses exponents beyond Double and accepts a comma before a
            // bracket.
            let text = String(decoding: bytes, as: UTF8.self)
            guard text.firstMatch(of: /[eE][+-]?\d{3}|,\s*[\]}]/) == nil else { continue }
            let isObject = try? JSONSerialization.jsonObject(with: Data(bytes)) is [String: Any]
            #expect((problem(text) == nil) == (isObject == true), "\(text)")
        }
    }

    @Test func writesStringsThatReadBack() throws {
        let text = "a\"b\\c\nd\te\u{1}f\u{1F}g/é日本\u{7F}"
        let read = try JSONSerialization.jsonObject(with: Data(JSONText.string(text)), options: .fragmentsAllowed)
        #expect(read as? String == text)
    }
}
