import Digest
import Foundation

/// Signs and verifies access tokens: JWT (RFC 7519) with HS256 (RFC 7515), and no other kind.
///
/// Nothing else of JOSE is needed here. A complete library would bring X.509 and RSA along, and with them the choice
/// of algorithms that attacks on tokens exploit.
package struct TokenSigner: Sendable {
    package static let issuer = "hextant"
    package static let audience = "hextant"
    /// How many seconds the clocks of servers that share a secret may differ.
    private static let clockSkew: Int64 = 30
    /// The longest text that is read, in bytes. Tokens of this server are shorter.
    private static let longest = 2048

    private let current: TokenSecret
    private let secrets: [String: TokenSecret]

    /// - Parameters:
    ///   - current: The secret that signs and verifies.
    ///   - previous: A secret that only verifies, as long as tokens signed with it may still be valid.
    package init(current: TokenSecret, previous: TokenSecret? = nil) {
        self.current = current
        secrets = [current, previous].reduce(into: [:]) { secrets, secret in
            if let secret { secrets[secret.id] = secret }
        }
    }

    package func sign(_ token: AccessToken) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let head = Head(alg: "HS256", kid: current.id, typ: "JWT", crit: nil)
        let claims = Claims(
            iss: Self.issuer, aud: Self.audience, sub: token.user, sid: String(token.session), iat: token.issuedAt,
            exp: token.expiresAt)
        let signed = "\(Base64URL.encode(try encoder.encode(head))).\(Base64URL.encode(try encoder.encode(claims)))"
        let code = HMAC.code(of: Array(signed.utf8), key: current.key)
        return "\(signed).\(Base64URL.encode(code))"
    }

    /// - Parameter now: Seconds since 1970.
    /// - Returns: `nil` for anything but a valid token of this server.
    package func read(_ text: String, now: Int64) -> AccessToken? {
        guard text.utf8.count <= Self.longest else { return nil }
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let head = Base64URL.decode(parts[0]), let body = Base64URL.decode(parts[1]),
            let code = Base64URL.decode(parts[2])
        else { return nil }
        let decoder = JSONDecoder()
        // The server chooses the algorithm, not the token; the header only has to agree.
        guard let head = try? decoder.decode(Head.self, from: head), head.alg == "HS256", head.typ == "JWT",
            head.crit == nil, let secret = secrets[head.kid],
            HMAC.isValid(Array(code), of: Array("\(parts[0]).\(parts[1])".utf8), key: secret.key),
            let claims = try? decoder.decode(Claims.self, from: body), claims.iss == Self.issuer,
            claims.aud == Self.audience, claims.exp > now, claims.iat <= now + Self.clockSkew,
            let session = Int64(claims.sid)
        else { return nil }
        return AccessToken(user: claims.sub, session: session, issuedAt: claims.iat, expiresAt: claims.exp)
    }

    private struct Head: Codable {
        let alg: String
        let kid: String
        let typ: String
        /// Extensions that a reader must understand (RFC 7515, section 4.1.11). This reader understands none.
        let crit: [String]?
    }

    private struct Claims: Codable {
        let iss: String
        let aud: String
        let sub: String
        let sid: String
        let iat: Int64
        let exp: Int64
    }
}
