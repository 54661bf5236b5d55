import Crypto
import Foundation

/// Makes and reads access tokens: JWT (RFC 7519) signed with HS256 (RFC 7515), and no other kind.
///
/// This is all of JOSE that is needed here. A library for all of it would bring X.509 and RSA along, and with them the
/// choice of algorithms that attacks on such tokens live from.
package struct TokenSigner: Sendable {
    package static let issuer = "hextant"
    package static let audience = "hextant"
    /// Clocks of the servers that share a secret may differ by so many seconds.
    private static let clockSkew: Int64 = 30
    /// Longer ones are none of ours.
    private static let longest = 2048

    private let current: TokenSecret
    private let secrets: [String: TokenSecret]

    /// - Parameters:
    ///   - current: Signs, and reads.
    ///   - previous: Only reads, while tokens that it signed may still be good.
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
        let code = HMAC<SHA256>.authenticationCode(for: Data(signed.utf8), using: current.key)
        return "\(signed).\(Base64URL.encode(code))"
    }

    /// - Parameter now: Seconds since 1970.
    /// - Returns: `nil` for all that is not a token of ours that is good now.
    package func read(_ text: String, now: Int64) -> AccessToken? {
        guard text.utf8.count <= Self.longest else { return nil }
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let head = Base64URL.decode(parts[0]), let body = Base64URL.decode(parts[1]),
            let code = Base64URL.decode(parts[2])
        else { return nil }
        let decoder = JSONDecoder()
        // The algorithm is ours to choose, not the token's; its head only has to agree.
        guard let head = try? decoder.decode(Head.self, from: head), head.alg == "HS256", head.typ == "JWT",
            head.crit == nil, let secret = secrets[head.kid],
            HMAC<SHA256>.isValidAuthenticationCode(
                code, authenticating: Data("\(parts[0]).\(parts[1])".utf8), using: secret.key),
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
        /// Extensions that a reader must know (RFC 7515, section 4.1.11): we know none.
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
