import Domain
import Testing

struct WebURLTests {
    @Test(arguments: [
        "https://example.org", "http://example.org/a?b=c#d", "HTTPS://example.org/", "http://[::1]:8080/x",
        "https://www.ontario.ca/page/open-government-licence-ontario", "https://example.org/%3Cscript%3E'()",
    ])
    func addressesOfTheWebAreLinks(_ text: String) {
        #expect(WebURL.isLink(text))
    }

    @Test(arguments: [
        "", "example.org", "javascript:alert(1)", "JaVaScRiPt:alert(1)", " https://example.org",
        "\thttps://example.org",
        "java\nscript:alert(1)", "https:/example.org", "https://", "http:///path", "https:javascript:alert(1)",
        "data:text/html,<script>", "vbscript:x", "file:///etc/passwd", "ftp://example.org", "//example.org/x",
        "https://exa mple.org", "https://example.org/\u{0}", "https://example.org/\r\nX: y",
        "https://example.org/\"onclick=",
        "https://example.org/<b>", "https://example.org\\@evil.org", "https://user:word@example.org",
        "https://@evil.org", "https://example.org/\u{202e}gpj", "https://exämple.org", "http://:80/", "https://?x",
        "blob:https://example.org/1", "https\u{ff1a}//example.org", "\u{feff}https://example.org",
    ])
    func anythingElseIsNone(_ text: String) {
        #expect(!WebURL.isLink(text))
    }

    @Test func theLengthHasABound() {
        let start = "https://example.org/"
        #expect(WebURL.isLink(start + String(repeating: "a", count: 2000 - start.utf8.count)))
        #expect(!WebURL.isLink(start + String(repeating: "a", count: 2001 - start.utf8.count)))
    }
}
