import COpenSSL

/// Message authentication codes by HMAC-SHA256 (RFC 2104), 32 bytes.
package enum HMAC {
    package static func code(of message: [UInt8], key: [UInt8]) -> [UInt8] {
        var code = [UInt8](repeating: 0, count: SHA256.length)
        var length = UInt32(code.count)
        // It fails only where there is no memory left.
        precondition(
            COpenSSL.HMAC(EVP_sha256(), key, Int32(key.count), message, message.count, &code, &length) != nil)
        return code
    }

    /// Whether a code is that of the message. The time does not tell how near a wrong one comes.
    package static func isValid(_ code: [UInt8], of message: [UInt8], key: [UInt8]) -> Bool {
        areEqual(code, Self.code(of: message, key: key))
    }
}

/// Compares secrets: the time depends on their length alone.
package func areEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    left.count == right.count && CRYPTO_memcmp(left, right, left.count) == 0
}
