import Digest
package import Domain
import NIOCore

/// When an answer came.
package typealias RetrievalTime = Instant

/// The SHA-256 of bytes that come piece by piece.
struct ByteDigest {
    private let hash = SHA256()

    mutating func add(_ piece: ByteBuffer) {
        piece.withUnsafeReadableBytes { hash.update($0) }
    }

    /// The digest as 64 hexadecimal digits. To be called once, at the end.
    var hexadecimal: String {
        hash.finalize().map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
