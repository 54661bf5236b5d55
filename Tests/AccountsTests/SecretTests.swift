import Accounts
import Testing

@Suite struct SecretTests {
    @Test(arguments: Secret.Kind.allCases)
    func aSecretIsReadBackAsItsKindOnly(_ kind: Secret.Kind) throws {
        let secret = Secret.random(kind)
        #expect(Secret(secret.text, kind)?.hash == secret.hash)
        for other in Secret.Kind.allCases where other != kind { #expect(Secret(secret.text, other) == nil) }
        #expect(Secret.random(kind).text != secret.text)
    }

    @Test func onlyTheWholeTextIsASecret() {
        let text = Secret.random(.apiKey).text
        for other in ["", "hxk_", String(text.dropLast()), text + "A", text + "=", " " + text, text.uppercased()] {
            #expect(Secret(other, .apiKey) == nil)
        }
    }

    /// Encodings by Python's `base64.urlsafe_b64encode`.
    @Test(arguments: [("", ""), ("_w", "ff"), ("_-8", "ffef"), ("AAEC", "000102")])
    func base64IsThatOfRFC4648(text: String, hex: String) throws {
        let data = try #require(Base64URL.decode(text))
        #expect(data.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() == hex)
        #expect(Base64URL.encode(data) == text)
    }

    @Test(arguments: ["A", "_w==", "/w", "+w", "_x", "A A", "AAE\n"])
    func aTextThatWouldNotBeWrittenIsRefused(_ text: String) {
        #expect(Base64URL.decode(text) == nil)
    }

    @Test func addressesOfOneNetworkOfIPv6AreOneSubject() {
        #expect(SignInSubject.address("2001:db8::1") == .address("2001:db8:0:0:ffff::2"))
        #expect(SignInSubject.address("2001:db8::1") != .address("2001:db8:0:1::1"))
        #expect(SignInSubject.address("192.0.2.1") != .address("192.0.2.2"))
        #expect(SignInSubject.address("ada").hash != SignInSubject.user("ada").hash)
    }
}
