import Caching
import Compression
import Foundation
package import NIOCore
import NIOPosix
import Synchronization

/// An open PMTiles file, whose tiles are read when they are asked for.
///
/// The file stays open: a file that another one replaces under the same name is served until the process ends. One that
/// is changed in place gives faults at worst, since every offset is checked against what is read.
package final class PMTilesFile: Sendable {
    /// The largest size of a tile as it is in the file, in bytes.
    package static let largestTile = 8 << 20
    /// The largest size of a tile without its compression, in bytes.
    package static let largestPlainTile = 32 << 20
    /// The largest size of a directory or of the metadata without their compression, in bytes.
    private static let largestPlainPart = 16 << 20
    /// The memory that leaf directories may take, in bytes. A file of the whole earth has some 200 MB of them.
    private static let directoryMemory = 32 << 20
    /// How many directories lead to a tile at most: the specification speaks of one level of leaves, and readers allow
    /// for three.
    private static let deepest = 4

    package let header: PMTilesHeader
    /// The metadata, a JSON text, not compressed.
    package let metadata: [UInt8]
    /// A text that another file has another one of: a hash of the header, the root directory and the time of change.
    package let version: String
    private let file: OpenFile
    private let root: PMTilesDirectory
    private let leaves = Mutex(Sieve<Range<UInt64>, PMTilesDirectory>(limit: directoryMemory))

    /// Opens a file, and reads its header, metadata and root directory.
    /// - Throws: ``PMTilesFault`` for a file that cannot be read or used.
    package init(path: String) throws(PMTilesFault) {
        let file = try OpenFile(path)
        let start = try file.read(0..<min(UInt64(PMTilesHeader.length), file.size))
        let header = try PMTilesHeader(start, size: file.size)
        func part(_ name: String, _ range: Range<UInt64>) throws(PMTilesFault) -> [UInt8] {
            try Self.plain(try file.read(range), header, name)
        }
        let directory = try part("root directory", header.root)
        root = try PMTilesDirectory(directory)
        version = String(ContentTag.of(start + directory + file.changed).prefix(16))
        metadata = try part("metadata", header.metadata)
        self.file = file
        self.header = header
    }

    /// The tile at an address as it is in the file; `nil` where there is none.
    /// - Parameters: As of ``PMTilesID/of(z:x:y:)``.
    /// - Throws: ``PMTilesFault`` where the file is not what it says, `CancellationError`.
    package func tile(z: Int, x: Int, y: Int) async throws -> ByteBuffer? {
        guard header.zooms.contains(z) else { return nil }
        let id = PMTilesID.of(z: z, x: x, y: y)
        // Reading blocks, which the global pool must not. As many wait here as there are requests, which are limited.
        return try await NIOThreadPool.singleton.runIfActive { try self.tile(id) }
    }

    private func tile(_ id: UInt64) throws(PMTilesFault) -> ByteBuffer? {
        var directory = root
        for _ in 0..<Self.deepest {
            switch directory.target(id) {
            case nil: return nil
            case .tile(let bytes):
                let range = try Self.moved(bytes, into: header.tiles, atMost: Self.largestTile, "tile")
                return ByteBuffer(bytes: try file.read(range))
            case .leaf(let bytes): directory = try leaf(bytes)
            }
        }
        throw PMTilesFault("more than \(Self.deepest) directories lead to a tile of it")
    }

    private func leaf(_ bytes: Range<UInt64>) throws(PMTilesFault) -> PMTilesDirectory {
        let range = try Self.moved(bytes, into: header.leaves, atMost: PMTilesHeader.largestDirectory, "directory")
        if let known = leaves.withLock({ $0.value(range) }) { return known }
        let directory = try PMTilesDirectory(try Self.plain(try file.read(range), header, "directory"))
        leaves.withLock { _ = $0.set(range, directory, cost: directory.cost) }
        return directory
    }

    /// A range from the beginning of a part of the file, as one of the file.
    private static func moved(
        _ range: Range<UInt64>, into part: Range<UInt64>, atMost: Int, _ name: String
    ) throws(PMTilesFault) -> Range<UInt64> {
        let room = part.upperBound - part.lowerBound
        guard range.upperBound <= room else {
            throw PMTilesFault("a \(name) of it would end after its part of the file")
        }
        guard range.upperBound - range.lowerBound <= UInt64(atMost) else {
            throw PMTilesFault("a \(name) of it has more than \(atMost) bytes")
        }
        return part.lowerBound + range.lowerBound..<part.lowerBound + range.upperBound
    }

    /// The bytes of a directory or of the metadata without their compression.
    private static func plain(
        _ bytes: [UInt8], _ header: PMTilesHeader, _ name: String
    ) throws(PMTilesFault) -> [UInt8] {
        guard header.internalCoding == .gzip else { return bytes }
        do {
            return Array(try Gzip.decompress(ByteBuffer(bytes: bytes), limit: largestPlainPart).readableBytesView)
        } catch {
            switch error {
            case .corrupt: throw PMTilesFault("its \(name) is no gzip")
            case .tooLong(let limit): throw PMTilesFault("its \(name) has more than \(limit) bytes")
            }
        }
    }
}

/// A file that is open for reading.
private final class OpenFile: Sendable {
    private let handle: Int32
    let size: UInt64
    /// The time of the last change as bytes, which nobody reads as a number.
    let changed: [UInt8]

    init(_ path: String) throws(PMTilesFault) {
        let handle = open(path, O_RDONLY | O_CLOEXEC)
        guard handle >= 0 else { throw PMTilesFault("it cannot be read: \(String(cString: strerror(errno)))") }
        self.handle = handle
        var status = stat()
        guard fstat(handle, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(handle)
            throw PMTilesFault("it is no regular file")
        }
        size = UInt64(status.st_size)
        changed = Array("\(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec)".utf8)
    }

    deinit { close(handle) }

    /// The bytes of a range that lies in the file.
    /// - Throws: ``PMTilesFault`` where the file has become shorter, or the disk fails.
    func read(_ range: Range<UInt64>) throws(PMTilesFault) -> [UInt8] {
        let count = Int(range.upperBound - range.lowerBound)
        var problem: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            while initialized < count {
                let got = pread(
                    handle, buffer.baseAddress! + initialized, count - initialized,
                    off_t(range.lowerBound) + off_t(initialized))
                if got < 0, errno == EINTR { continue }
                if got < 0 { problem = errno }
                guard got > 0 else { return }
                initialized += got
            }
        }
        guard problem == 0 else { throw PMTilesFault("it cannot be read: \(String(cString: strerror(problem)))") }
        guard bytes.count == count else { throw PMTilesFault("it has become shorter since it was opened") }
        return bytes
    }
}
