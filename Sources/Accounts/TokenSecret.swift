import Crypto
import Foundation

/// What access tokens are signed with.
package struct TokenSecret: Sendable {
    /// Why a text cannot be one.
    package struct Weak: Error, CustomStringConvertible {
        package let description: String
    }

    /// Names the secret in the head of a token; it tells nothing of the secret itself.
    package let id: String
    let key: SymmetricKey

    /// - Parameter acceptsWeak: For development only.
    /// - Throws: ``Weak``, when somebody could guess it.
    package init(_ text: String, acceptsWeak: Bool = false) throws(Weak) {
        if !acceptsWeak, let fault = Self.fault(text) { throw Weak(description: fault) }
        self.init(bytes: Data(text.utf8))
    }

    /// One that nobody knows and that ends with the process.
    package static func random() -> TokenSecret {
        TokenSecret(bytes: SymmetricKey(size: .bits256).withUnsafeBytes { Data($0) })
    }

    private init(bytes: Data) {
        key = SymmetricKey(data: bytes)
        let code = HMAC<SHA256>.authenticationCode(for: Data("hextant token secret id".utf8), using: key)
        id = Base64URL.encode(Array(code).prefix(9))
    }

    /// Words of examples and defaults. Random letters hold one of them in less than one of a million secrets.
    private static let telling = ["change", "default", "example", "password", "secret", "hextant"]

    private static func fault(_ text: String) -> String? {
        let advice = "`openssl rand -base64 48` makes a good one"
        if text.utf8.count < 32 { return "must be at least 32 bytes: \(advice)" }
        // 32 random hexadecimal digits have fewer than 8 different ones in one of 10^9 cases.
        if Set(text.utf8).count < 8 { return "repeats itself: \(advice)" }
        if let word = telling.first(where: text.lowercased().contains) {
            return "looks like an example, for it contains \"\(word)\": \(advice)"
        }
        return nil
    }
}
