package import NIOCore

/// A tag by which caches can tell whether two contents are the same.
///
/// It has 128 bits, so that among a trillion tiles the chance that two share a tag is below 10^-14.
package enum ContentTag {
    /// The tag as 32 lower-case hexadecimal digits.
    package static func of(_ plain: ByteBuffer) -> String {
        plain.withUnsafeReadableBytes { of($0) }
    }

    /// The tag as 32 lower-case hexadecimal digits.
    package static func of(_ plain: [UInt8]) -> String {
        plain.withUnsafeBytes { of($0) }
    }

    /// The tag as 32 lower-case hexadecimal digits.
    package static func of(_ plain: UnsafeRawBufferPointer) -> String {
        let (low, high) = SipHash128.hash(plain)
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        text.reserveCapacity(32)
        for word in [low, high] {
            for shift in stride(from: 0, to: 64, by: 8) {
                let byte = Int(truncatingIfNeeded: word >> UInt64(shift)) & 0xff
                text.append(digits[byte >> 4])
                text.append(digits[byte & 15])
            }
        }
        return String(decoding: text, as: UTF8.self)
    }
}
