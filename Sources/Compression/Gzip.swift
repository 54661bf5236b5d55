import CDeflate
package import NIOCore

/// Gzip (RFC 1952) of whole buffers.
package enum Gzip {
    package enum Failure: Error, Equatable {
        /// The data is not one complete gzip member, or its checksum is wrong.
        case corrupt
        /// The decompressed data is longer than the caller allows.
        case tooLong(limit: Int)
    }

    /// Compresses `plain` to one gzip member.
    package static func compress(_ plain: ByteBuffer) -> ByteBuffer {
        plain.withUnsafeReadableBytes { compress($0) }
    }

    /// Compresses `plain` to one gzip member.
    package static func compress(_ plain: [UInt8]) -> ByteBuffer {
        plain.withUnsafeBytes { compress($0) }
    }

    /// Compresses `plain` to one gzip member.
    package static func compress(_ plain: UnsafeRawBufferPointer) -> ByteBuffer {
        GzipCompressor.borrowed { compressor in
            var gzip = ByteBuffer()
            gzip.writeWithUnsafeMutableBytes(minimumWritableBytes: compressor.bound(plain.count)) { target in
                compressor.compress(plain, into: target)
            }
            return gzip
        }
    }

    /// Decompresses one gzip member.
    ///
    /// No more than `limit` bytes are allocated, whatever size the member claims.
    /// - Parameter limit: The largest accepted size of the decompressed data, in bytes.
    package static func decompress(_ gzip: ByteBuffer, limit: Int) throws(Failure) -> ByteBuffer {
        // The last four bytes of a member are the decompressed size modulo 2^32 (RFC 1952, ISIZE).
        guard gzip.readableBytes >= 18,
            let claimed = gzip.getInteger(at: gzip.writerIndex - 4, endianness: .little, as: UInt32.self)
        else { throw .corrupt }
        guard claimed <= limit else { throw .tooLong(limit: limit) }

        guard let decompressor = libdeflate_alloc_decompressor() else { fatalError("out of memory") }
        defer { libdeflate_free_decompressor(decompressor) }
        var plain = ByteBuffer()
        var result = LIBDEFLATE_SUCCESS
        gzip.withUnsafeReadableBytes { source in
            // At least one byte, so that the target has an address.
            _ = plain.writeWithUnsafeMutableBytes(minimumWritableBytes: max(1, Int(claimed))) { target in
                var written = 0
                result = libdeflate_gzip_decompress(
                    decompressor, source.baseAddress, source.count, target.baseAddress, Int(claimed), &written)
                return result == LIBDEFLATE_SUCCESS ? written : 0
            }
        }
        guard result == LIBDEFLATE_SUCCESS else { throw .corrupt }
        return plain
    }
}
