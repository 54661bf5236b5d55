import Crypto
import Foundation

/// Whom failed sign-ins are counted for: a name, or the address they come from.
package struct SignInSubject: Hashable, Sendable {
    /// Of the name or address: people type passwords into the field for the name.
    package let hash: [UInt8]
    /// Attempts that may fail before waiting begins; each one more doubles the wait, from one second on.
    package let free: Int
    /// The longest wait, in seconds.
    package let longest: Double

    /// Little waiting, for otherwise anybody could lock a user out.
    package static func user(_ name: String) -> SignInSubject {
        SignInSubject("user \(name)", free: 5, longest: 60)
    }

    /// - Parameter address: As text.
    package static func address(_ address: String) -> SignInSubject {
        SignInSubject("address \(ClientNetwork.name(of: address))", free: 20, longest: 900)
    }

    private init(_ text: String, free: Int, longest: Double) {
        hash = Array(SHA256.hash(data: Data(text.utf8)))
        self.free = free
        self.longest = longest
    }
}
