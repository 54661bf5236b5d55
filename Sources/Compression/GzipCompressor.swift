import CDeflate
import Synchronization

/// A libdeflate compressor.
///
/// Its tables take about 300 kB, so compressors are kept and lent to one borrower at a time.
///
/// `@unchecked Sendable`: "a compressor must not be used by more than one thread concurrently" (libdeflate.h). A
/// compressor is either in `idle` or held by the single borrower that took it out under the lock.
final class GzipCompressor: @unchecked Sendable {
    /// The fastest level. Level 6 would make a tile of a thousand cells an eighth smaller and take half as long as its
    /// query.
    private static let level: Int32 = 1
    /// How many idle compressors are kept. Further ones are freed when they are returned.
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

    /// Runs `body` with a compressor that nobody else uses at the same time.
    static func borrowed<Result>(_ body: (GzipCompressor) -> Result) -> Result {
        let compressor = idle.withLock { $0.popLast() } ?? GzipCompressor()
        defer {
            idle.withLock { if $0.count < kept { $0.append(compressor) } }
        }
        return body(compressor)
    }

    /// The largest size of the gzip of `length` bytes.
    func bound(_ length: Int) -> Int {
        libdeflate_gzip_compress_bound(compressor, length)
    }

    /// Compresses into `target` and returns the size. `target` must have ``bound(_:)`` bytes, so that the result always
    /// fits.
    func compress(_ plain: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer) -> Int {
        // libdeflate reads no bytes of an empty `in`, but needs an address.
        var nothing: UInt8 = 0
        return withUnsafeBytes(of: &nothing) { empty in
            libdeflate_gzip_compress(
                compressor, plain.baseAddress ?? empty.baseAddress, plain.count, target.baseAddress, target.count)
        }
    }
}
