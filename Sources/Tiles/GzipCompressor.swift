import CDeflate
import Synchronization

/// One libdeflate compressor.
///
/// Its tables take some 300 kB, so compressors are kept and lent, one borrower at a time.
///
/// `@unchecked Sendable`: "a compressor must not be used by more than one thread concurrently" (libdeflate.h); one is
/// either in `idle` or held by the single borrower that took it out under the lock.
final class GzipCompressor: @unchecked Sendable {
    /// The quickest: level 6 makes a tile of a thousand cells an eighth shorter and takes as long as half of its query.
    private static let level: Int32 = 1
    /// More than this many are freed on return instead of kept.
    private static let kept = 16
    private static let idle = Mutex<[GzipCompressor]>([])

    private let compressor: OpaquePointer

    private init() {
        guard let compressor = libdeflate_alloc_compressor(Self.level) else { fatalError("out of memory") }
        self.compressor = compressor
    }

    deinit {
        libdeflate_free_compressor(compressor)
    }

    /// Runs `body` with a compressor nobody else uses meanwhile.
    static func borrowed<Result>(_ body: (GzipCompressor) -> Result) -> Result {
        let compressor = idle.withLock { $0.popLast() } ?? GzipCompressor()
        defer {
            idle.withLock { if $0.count < kept { $0.append(compressor) } }
        }
        return body(compressor)
    }

    /// Greatest length of the gzip of `length` bytes.
    func bound(_ length: Int) -> Int {
        libdeflate_gzip_compress_bound(compressor, length)
    }

    /// Length of what was written. `target` has at least ``bound(_:)`` bytes, so that it always fits.
    func compress(_ plain: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer) -> Int {
        // libdeflate reads `in` even when it is empty only as far as its length, but wants an address.
        var nothing: UInt8 = 0
        return withUnsafeBytes(of: &nothing) { empty in
            libdeflate_gzip_compress(
                compressor, plain.baseAddress ?? empty.baseAddress, plain.count, target.baseAddress, target.count)
        }
    }
}
