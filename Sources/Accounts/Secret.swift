import Crypto
import Foundation

/// A random text that opens something, and its hash, which is all that is stored.
///
/// It has 256 random bits, so that a plain hash is enough: unlike a password nobody can guess it.
package struct Secret: Sendable {
    package enum Kind: String, Sendable, CaseIterable {
        /// A machine's key.
        case apiKey = "hxk_"
        /// What keeps a session open.
        case refreshToken = "hxr_"
    }

    package let text: String

    package static func random(_ kind: Kind) -> Secret {
        let bytes = SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) }
        return Secret(text: kind.rawValue + Base64URL.encode(bytes))
    }

    private init(text: String) { self.text = text }

    /// - Returns: `nil` for a text that was never given out as such a secret.
    package init?(_ text: String, _ kind: Kind) {
        guard text.utf8.count == kind.rawValue.utf8.count + 43, text.hasPrefix(kind.rawValue),
            Base64URL.decode(text.dropFirst(kind.rawValue.count))?.count == 32
        else { return nil }
        self.init(text: text)
    }

    /// SHA-256 of the text, 32 bytes.
    package var hash: [UInt8] { Array(SHA256.hash(data: Data(text.utf8))) }
}
