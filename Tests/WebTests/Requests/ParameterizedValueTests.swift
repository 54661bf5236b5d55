import Testing

@testable import Web

@Suite struct ParameterizedValueTests {
    private static let headers: [(String, String, [String: String])] = [
        ("text/csv", "text/csv", [:]),
        ("Text/CSV ; Charset=UTF-8", "text/csv", ["charset": "UTF-8"]),
        ("multipart/form-data; boundary=\"a;b\\\"c\"", "multipart/form-data", ["boundary": "a;b\"c"]),
        // Java's mail library writes an equals sign without quotes.
        ("multipart/form-data;boundary=----=_Part_1_2.3", "multipart/form-data", ["boundary": "----=_Part_1_2.3"]),
        ("form-data; name=\"filename\"; x=\"\"", "form-data", ["name": "filename", "x": ""]),
        ("form-data;; name=a ;", "form-data", ["name": "a"]),
        ("form-data; filename*=UTF-8''a%20b.csv", "form-data", ["filename*": "UTF-8''a%20b.csv"]),
    ]

    @Test(arguments: headers)
    func valueAndParametersAreRead(header: String, value: String, parameters: [String: String]) throws {
        let read = try #require(ParameterizedValue(header))
        #expect(read.value == value)
        #expect(read.parameters == parameters)
        #expect(ParameterizedValue.mediaType(header) == value)
    }

    @Test(arguments: [
        "", " ; a=b", "a/b; c", "a/b; =c", "a/b; c=", "a/b; c=\"d", "a/b; c=\"d\\", "a/b; c=\"d\"e", "a/b; c=d e",
        "a/b; c=d; C=d", "a/b; c =d",
    ])
    func whatIsOfAnotherFormIsRefused(header: String) {
        #expect(ParameterizedValue(header) == nil)
    }
}
