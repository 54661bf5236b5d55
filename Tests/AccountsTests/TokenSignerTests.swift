import Accounts
import Testing

/// Tests/EndToEnd tries the known attacks on such tokens against a running server, with tokens made by PyJWT.
@Suite struct TokenSignerTests {
    private static let text = "V7kq2mZs9tXc4bWn8yRf1hLj6pGd3aEu"
    private static let token = AccessToken(user: "ada", session: 7, issuedAt: 1_700_000_000, expiresAt: 1_700_000_600)
    /// A token made by PyJWT 2.15.1 with the secret `text`.
    private static let pyjwt =
        "eyJhbGciOiJIUzI1NiIsImtpZCI6IlFnUmd4RHNnRzYxXyIsInR5cCI6IkpXVCJ9."
        + "eyJpc3MiOiJoZXh0YW50IiwiYXVkIjoiaGV4dGFudCIsInN1YiI6ImFkYSIsInNpZCI6IjciLCJpYXQiOjE3MDAwMDAwMDAsImV4cCI6"
        + "MTcwMDAwMDYwMH0.lSiB7xRyaBxgd8lIv5E17QI6zZ842Rk71xNZ4zZJRiI"

    private static func signer() throws -> TokenSigner { TokenSigner(current: try TokenSecret(text)) }

    @Test func aTokenOfAnotherProgramIsRead() throws {
        #expect(try Self.signer().read(Self.pyjwt, now: 1_700_000_100) == Self.token)
    }

    @Test(arguments: [
        (1_699_999_969, false), (1_699_999_970, true), (1_700_000_599, true), (1_700_000_600, false),
    ])
    func aTokenIsGoodForItsTime(now: Int64, isGood: Bool) throws {
        let signer = try Self.signer()
        #expect((signer.read(try signer.sign(Self.token), now: now) != nil) == isGood)
    }

    @Test func everyChangedCharacterIsNoticed() throws {
        let signer = try Self.signer()
        let text = Array(try signer.sign(Self.token).utf8)
        for place in text.indices {
            for other in ["A", "b", "_", "."].map({ $0.utf8.first! }) where other != text[place] {
                var changed = text
                changed[place] = other
                #expect(signer.read(String(decoding: changed, as: UTF8.self), now: 1_700_000_100) == nil)
            }
        }
    }

    @Test func tokensOfThePreviousSecretAreReadAndNoLongerMade() throws {
        let old = try TokenSecret("oldV7kq2mZs9tXc4bWn8yRf1hLj6pGd3")
        let new = try TokenSecret(Self.text)
        let signed = try TokenSigner(current: old).sign(Self.token)
        #expect(TokenSigner(current: new, previous: old).read(signed, now: 1_700_000_100) == Self.token)
        #expect(TokenSigner(current: new).read(signed, now: 1_700_000_100) == nil)
        let next = try TokenSigner(current: new, previous: old).sign(Self.token)
        #expect(TokenSigner(current: new).read(next, now: 1_700_000_100) == Self.token)
    }

    @Test(arguments: [
        "", "short", String(repeating: "a", count: 64), "abcabcabcabcabcabcabcabcabcabcabc",
        "change-me-0123456789-abcdefghijkl", "this-is-the-Default-0123456789-xyz", "my-secret-0123456789-abcdefghijk",
    ])
    func aSecretThatCanBeGuessedIsRefused(_ text: String) throws {
        #expect(throws: TokenSecret.Weak.self) { try TokenSecret(text) }
        _ = try TokenSecret(text, acceptsWeak: true)
    }

    @Test func aRandomSecretIsAnotherEachTime() throws {
        let token = try TokenSigner(current: .random()).sign(Self.token)
        #expect(TokenSigner(current: .random()).read(token, now: 1_700_000_100) == nil)
    }
}
