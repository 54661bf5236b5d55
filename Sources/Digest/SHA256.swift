import COpenSSL

/// SHA-256 (FIPS 180-4), by OpenSSL's libcrypto, for content that comes piece by piece.
package final class SHA256 {
    /// Length of a digest in bytes.
    package static let length = 32

    private let context: OpaquePointer

    package init() {
        guard let context = EVP_MD_CTX_new(), EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1 else {
            preconditionFailure("libcrypto has no SHA-256, or there is no memory left")
        }
        self.context = context
    }

    deinit { EVP_MD_CTX_free(context) }

    package func update(_ bytes: UnsafeRawBufferPointer) {
        EVP_DigestUpdate(context, bytes.baseAddress, bytes.count)
    }

    /// Digest of all that was given, 32 bytes. To be called once, at the end.
    package func finalize() -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: Self.length)
        EVP_DigestFinal_ex(context, &digest, nil)
        return digest
    }

    /// Digest of what was given so far, 32 bytes. More may follow.
    package func digestSoFar() -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: Self.length)
        guard let copy = EVP_MD_CTX_new(), EVP_MD_CTX_copy_ex(copy, context) == 1 else {
            preconditionFailure("there is no memory left")
        }
        EVP_DigestFinal_ex(copy, &digest, nil)
        EVP_MD_CTX_free(copy)
        return digest
    }

    /// Digest of a text's UTF-8, 32 bytes.
    package static func hash(_ text: String) -> [UInt8] {
        let hash = SHA256()
        var text = text
        text.withUTF8 { hash.update(UnsafeRawBufferPointer($0)) }
        return hash.finalize()
    }

    /// Digest of bytes, 32 bytes.
    package static func hash(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        let hash = SHA256()
        bytes.withUnsafeBytes { hash.update($0) }
        return hash.finalize()
    }
}
