import COpenSSL

/// Keys from passwords by scrypt (RFC 7914).
package enum Scrypt {
    /// libcrypto refuses costs that it does not know, or has no memory left.
    package struct Failure: Error {}

    /// - Parameters:
    ///   - rounds: N, a power of two.
    ///   - blockSize: r.
    ///   - parallelism: p. The work takes 128 x N x r bytes and is done p times.
    ///   - length: Length of the key in bytes.
    /// - Throws: ``Failure``.
    package static func key(
        of password: [UInt8], salt: [UInt8], rounds: Int, blockSize: Int, parallelism: Int, length: Int
    ) throws(Failure) -> [UInt8] {
        var key = [UInt8](repeating: 0, count: length)
        // All its tables, and some room for what libcrypto keeps beside them.
        let memory = UInt64(128 * blockSize * (rounds + parallelism + 2)) + 1 << 20
        let done = password.withUnsafeBytes { password in
            EVP_PBE_scrypt(
                password.baseAddress?.assumingMemoryBound(to: CChar.self) ?? UnsafePointer(bitPattern: 1),
                password.count,
                salt, salt.count, UInt64(rounds), UInt64(blockSize), UInt64(parallelism), memory, &key, key.count)
        }
        guard done == 1 else { throw Failure() }
        return key
    }
}
