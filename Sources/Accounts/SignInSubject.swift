import Digest

/// A name or client address for which failed sign-ins are counted.
package struct SignInSubject: Hashable, Sendable {
    /// Hash of the name or client address. Names are hashed because people type passwords into the name field.
    package let hash: [UInt8]
    /// How many attempts may fail before waiting begins. Each further failure doubles the wait, starting at one
    /// second.
    package let free: Int
    /// The longest wait, in seconds.
    package let longest: Double

    /// A user name. The wait is short, because otherwise anybody could lock a user out.
    package static func user(_ name: String) -> SignInSubject {
        SignInSubject("user \(name)", free: 5, longest: 60)
    }

    /// - Parameter address: The client address as text.
    package static func address(_ address: String) -> SignInSubject {
        SignInSubject("address \(ClientNetwork.name(of: address))", free: 20, longest: 900)
    }

    private init(_ text: String, free: Int, longest: Double) {
        hash = SHA256.hash(text)
        self.free = free
        self.longest = longest
    }
}
