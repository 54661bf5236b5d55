import CZlib
package import NIOCore

/// Compresses a text that comes in blocks to one gzip member, because not every client reads more than the first
/// member.
package final class GzipStream {
    /// The fastest level, as for whole buffers.
    private static let level: Int32 = 1

    /// The zlib stream; on the heap, because zlib keeps its address.
    private let state: UnsafeMutablePointer<z_stream>

    package init() {
        state = .allocate(capacity: 1)
        state.initialize(to: z_stream())
        // According to zlib.h, 16 more than the window's size in bits means gzip.
        guard hextant_deflate_init(state, Self.level, 15 + 16) == Z_OK else { fatalError("out of memory") }
    }

    deinit {
        deflateEnd(state)
        state.deallocate()
    }

    /// The bytes to send for `piece`. The other end can decompress all of the block from them.
    package func compress(_ piece: ByteBuffer) -> ByteBuffer { run(piece, Z_SYNC_FLUSH) }

    /// The bytes that end the member.
    package func finish() -> ByteBuffer { run(ByteBuffer(), Z_FINISH) }

    private func run(_ piece: ByteBuffer, _ flush: Int32) -> ByteBuffer {
        var packed = ByteBuffer()
        var input = [UInt8](piece.readableBytesView)
        input.withUnsafeMutableBufferPointer { input in
            state.pointee.next_in = input.baseAddress
            state.pointee.avail_in = UInt32(input.count)
            var isFull = true
            // According to zlib.h, this is repeated until there is room left in the output.
            while isFull {
                packed.writeWithUnsafeMutableBytes(minimumWritableBytes: 16 * 1024) { output in
                    state.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
                    state.pointee.avail_out = UInt32(output.count)
                    _ = deflate(state, flush)
                    isFull = state.pointee.avail_out == 0
                    return output.count - Int(state.pointee.avail_out)
                }
            }
        }
        return packed
    }
}
