import Digest
import Foundation

/// The secret that access tokens are signed with.
package struct TokenSecret: Sendable {
    /// Why a text is refused as a secret.
    package struct Weak: Error, CustomStringConvertible {
        package let description: String
    }

    /// Names the secret in the header of a token. It reveals nothing about the secret itself.
    package let id: String
    let key: [UInt8]

    /// - Parameter acceptsWeak: Whether weak secrets are accepted, for development only.
    /// - Throws: ``Weak`` when somebody could guess the text.
    package init(_ text: String, acceptsWeak: Bool = false) throws(Weak) {
        if !acceptsWeak, let fault = Self.fault(text) { throw Weak(description: fault) }
        self.init(bytes: Array(text.utf8))
    }

    /// A random secret that is lost when the process ends.
    package static func random() -> TokenSecret {
        TokenSecret(bytes: randomBytes(32))
    }

    private init(bytes: [UInt8]) {
        key = bytes
        id = Base64URL.encode(HMAC.code(of: Array("hextant token secret id".utf8), key: key).prefix(9))
    }

    /// Words of examples and defaults. Fewer than one in a million random secrets contain one of them.
    private static let telling = ["change", "default", "example", "password", "secret", "hextant"]

    private static func fault(_ text: String) -> String? {
        let advice = "`openssl rand -base64 48` makes a good one"
        if text.utf8.count < 32 { return "must be at least 32 bytes: \(advice)" }
        // Fewer than one in 10^9 random texts of 32 hexadecimal digits have fewer than 8 different digits.
        if Set(text.utf8).count < 8 { return "repeats itself: \(advice)" }
        if let word = telling.first(where: text.lowercased().contains) {
            return "looks like an example, because it contains \"\(word)\": \(advice)"
        }
        return nil
    }
}
