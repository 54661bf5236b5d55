import Testing

@testable import Connectors

@Suite struct JSONValueTests {
    private func value(_ text: String) throws -> JSONValue { try JSONValue(Array(text.utf8)) }

    /// Texts of Python: `json.dumps(json.loads(TEXT), sort_keys=True, separators=(",", ":"), ensure_ascii=False)`.
    @Test(arguments: [
        (
            #" { "b" : [ 1 , -2.5e+3 , null ] , "a" : "Summons \/ charged" } "#,
            #"{"a":"Summons / charged","b":[1,-2.5e+3,null]}"#
        ),
        (#"{"z":{"y":true,"x":false}}"#, #"{"z":{"x":false,"y":true}}"#),
        (#""\u00e9\ud83d\ude00\t\"\\""#, "\"é😀\\u0009\\\"\\\\\""), ("[]", "[]"), ("\u{FEFF}{}", "{}"),
    ])
    func equalValuesAreEqualTexts(_ text: String, _ canonical: String) throws {
        var bytes: [UInt8] = []
        try value(text).append(to: &bytes, sorted: true)
        #expect(String(decoding: bytes, as: UTF8.self) == canonical)
    }

    @Test(arguments: [
        "", "{", "[1,]", "{\"a\":1,}", "{a:1}", "'a'", "01", "1.", "+1", "nul", "[1] 2", "\"\u{1}\"", #""\x""#,
        #""\ud800""#,
        #""\u+123""#, "{\"a\" 1}", "NaN", "-",
    ])
    func whatIsNoJSONIsRefused(_ text: String) {
        #expect(throws: JSONValue.Fault.self) { try value(text) }
    }

    @Test func nestingHasALimit() throws {
        _ = try value(String(repeating: "[", count: 64) + String(repeating: "]", count: 64))
        #expect(throws: JSONValue.Fault.self) {
            try value(String(repeating: "[", count: 100_000) + String(repeating: "]", count: 100_000))
        }
    }

    @Test func numbersAreReadAlsoFromStrings() throws {
        #expect(try value(#"{"n":"314245"}"#)["n"]?.integer == 314_245)
        #expect(try value("1e3").integer == 1000)
        #expect(try value("1.5").integer == nil)
        #expect(try value(#"{"a":{"b":{"c":"x"}}}"#).value(at: "a.b.c")?.text == "x")
        #expect(try value(#"{"a":1}"#).value(at: "a.b") == nil)
    }
}
