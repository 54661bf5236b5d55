import Digest
import Foundation

/// A random text that serves as a credential, and its hash. Only the hash is stored.
///
/// The text has 256 random bits. Nobody can guess that, unlike a password, so a plain hash is enough.
package struct Secret: Sendable {
    package enum Kind: String, Sendable, CaseIterable {
        /// An API key of a machine.
        case apiKey = "hxk_"
        /// A refresh token, which continues a session.
        case refreshToken = "hxr_"
    }

    package let text: String

    package static func random(_ kind: Kind) -> Secret {
        Secret(text: kind.rawValue + Base64URL.encode(randomBytes(32)))
    }

    private init(text: String) { self.text = text }

    /// - Returns: `nil` for a text that cannot be a secret of this kind.
    package init?(_ text: String, _ kind: Kind) {
        guard text.utf8.count == kind.rawValue.utf8.count + 43, text.hasPrefix(kind.rawValue),
            Base64URL.decode(text.dropFirst(kind.rawValue.count))?.count == 32
        else { return nil }
        self.init(text: text)
    }

    /// SHA-256 of the text, 32 bytes.
    package var hash: [UInt8] { SHA256.hash(text) }
}
