import Testing

@testable import Web

@Suite struct PlainRequestTests {
    private struct Read: Equatable {
        var isHead = false
        var target: String
        var acceptEncoding: String?
        var ifNoneMatch: String?
        var rest = ""
    }

    private static func read(_ text: String) -> Read? {
        let bytes = Array(text.utf8)
        return bytes.withUnsafeBytes { bytes in
            func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
            guard let request = PlainRequest(bytes) else { return nil }
            return Read(
                isHead: request.isHead, target: text(request.target),
                acceptEncoding: request.acceptEncoding.map(text), ifNoneMatch: request.ifNoneMatch.map(text),
                rest: text(request.length..<bytes.count))
        }
    }

    @Test func whatAnAnswerTakesIsFound() {
        let request = Self.read(
            "GET /v1/tiles/1/0/0.mvt?date=2021-12-31 HTTP/1.1\r\nHost: a\r\nACCEPT-Encoding: \t gzip, br \r\n"
                + "If-None-Match:\"x\"\r\nUser-Agent: \u{e9}\r\nX_y:\r\nConnection: Keep-Alive\r\n\r\nGET /next")
        #expect(
            request
                == Read(
                    target: "/v1/tiles/1/0/0.mvt?date=2021-12-31", acceptEncoding: "gzip, br", ifNoneMatch: "\"x\"",
                    rest: "GET /next"))
        #expect(Self.read("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n") == Read(isHead: true, target: "/"))
    }

    @Test func aHeadThatIsNotWholeIsNotTaken() {
        let whole = "GET /v1/tiles/1/0/0.mvt HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip\r\n\r\n"
        #expect(Self.read(whole) != nil)
        for length in 0..<whole.utf8.count {
            #expect(Self.read(String(decoding: whole.utf8.prefix(length), as: UTF8.self)) == nil)
        }
    }

    @Test(arguments: [
        "POST / HTTP/1.1\r\nHost: a\r\n\r\n", "get / HTTP/1.1\r\nHost: a\r\n\r\n", "GET / HTTP/1.0\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.1 \r\nHost: a\r\n\r\n",
        "GET  / HTTP/1.1\r\nHost: a\r\n\r\n", "GET http://a/ HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET * HTTP/1.1\r\nHost: a\r\n\r\n", "GET /\r\n\r\n",
        "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n", "GET /\u{e9} HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /\u{7f} HTTP/1.1\r\nHost: a\r\n\r\n",
        "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", "GET / HTTP/1.1\n\n", "GET / HTTP/1.1\r\nHost: a\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\rb\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\0b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost : a\r\n\r\n", "GET / HTTP/1.1\r\n Host: a\r\n\r\n",
        "GET / HTTP/1.1\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\nhost: a\r\n\r\n",
        "GET / HTTP/1.1\r\nA: a\r\n b\r\n\r\n", "GET / HTTP/1.1\r\nA\r\n\r\n", "GET / HTTP/1.1\r\n: a\r\n\r\n",
        "GET / HTTP/1.1\r\nH\u{10}: a\r\n\r\n",
    ])
    func whatIsNotOfTheUsualFormIsLeftToTheRealParser(text: String) {
        #expect(Self.read(text) == nil)
    }

    @Test(arguments: [
        "Authorization: Bearer x", "content-length: 0", "Content-Length: 5", "TRANSFER-ENCODING: chunked",
        "Expect: 100-continue", "Upgrade: h2c", "TE: trailers", "Trailer: x", "Connection: close",
        "Connection: keep-alive, Upgrade", "Connection: HTTP2-Settings",
        "Host: b", "X-Forwarded-Proto: http\r\nX-Forwarded-Proto: https", "Forwarded: a\r\nForwarded: b",
        "Accept-Encoding: gzip\r\nAccept-Encoding: br", "If-None-Match: \"a\"\r\nif-none-match: \"b\"",
    ])
    func aHeaderThatMayChangeTheAnswerOrTheConnectionIsLeftToo(header: String) {
        #expect(Self.read("GET / HTTP/1.1\r\nHost: a\r\n\(header)\r\n\r\n") == nil)
    }
}
