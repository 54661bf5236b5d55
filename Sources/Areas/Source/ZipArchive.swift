import CZlib
import Foundation
import Zip

/// The files of a zip archive (APPNOTE.TXT 6.3.10, with the 64-bit extensions), unpacked into a folder of its own that
/// goes with this object.
///
/// A folder is used, since a shapefile is read at several places at once, and SQLite reads files.
final class UnpackedArchive {
    struct Member {
        /// The name in the archive.
        let name: String
        /// The unpacked file.
        let path: String
    }

    private(set) var members: [Member] = []
    private let folder: URL

    /// From this size on the ratio counts: what unpacks to many times its size was made to do so.
    private static let trustedBytes: Int64 = 1 << 20
    private static let greatestRatio: Int64 = 500
    private static let mostMembers = 10_000

    /// Unpacks the members whose names end as one of `endings`.
    init(_ archive: SourceBytes, endings: Set<String>, limits: AreaLimits) throws(AreaError) {
        let directory = ZipDirectory(
            byteCount: UInt64(archive.byteCount), mostFiles: Self.mostMembers
        ) { offset, count throws(AreaError) in
            try archive.read(at: Int64(offset), count: count)
        } failure: { fault in
            let code: AreaError.Code = if case .hasTooManyFiles = fault { .limit } else { .damaged }
            return AreaError(code, file: archive.name, fault.description)
        }
        let entries = try directory.entries().filter { entry in
            let last = entry.name.split(separator: "/").last ?? ""
            return !entry.name.hasPrefix("__MACOSX/") && !last.hasPrefix(".")
                && endings.contains(ending(of: entry.name))
        }
        // Sizes that an archive states may be so large that a sum of whole numbers overflows.
        let size = entries.reduce(into: Double(0)) { $0 += Double($1.size) }
        guard size <= Double(limits.mostUnpackedBytes) else {
            throw AreaError(
                .limit, file: archive.name, "unpacks to more than \(limits.mostUnpackedBytes) bytes; unpack it first")
        }
        folder = FileManager.default.temporaryDirectory.appending(path: "hextant-\(UUID().uuidString)")
        do {
            try FileManager.default.createDirectory(
                at: folder, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
        } catch {
            throw AreaError(.file, file: archive.name, "cannot be unpacked: no folder can be made in \(folder.path)")
        }
        for (number, entry) in entries.enumerated() {
            // Names of an archive never become paths: they may lead out of the folder.
            let path = folder.appending(path: "\(number).\(ending(of: entry.name))").path
            try Self.unpack(entry, at: try directory.bytes(of: entry), of: archive, to: path)
            members.append(Member(name: entry.name, path: path))
        }
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    private static func unpack(
        _ entry: ZipEntry, at place: Range<UInt64>, of archive: SourceBytes, to path: String
    ) throws(AreaError) {
        guard !entry.isEncrypted else {
            throw AreaError(.file, file: archive.name, "\(entry.name) is encrypted; unpack it first: unzip")
        }
        guard entry.method == 0 || entry.method == 8 else {
            throw AreaError(
                .file, file: archive.name,
                "\(entry.name) is compressed with method \(entry.method) instead of deflate; unpack it first: unzip")
        }
        let start = Int64(place.lowerBound)
        let output = try OutputFile(path, name: archive.name)
        var unpacking = Unpacking(entry.method == 8, archive.name)
        defer { unpacking.end() }
        var offset = start
        let end = Int64(place.upperBound)
        while offset < end {
            let piece = try archive.read(at: offset, count: Int(min(1 << 18, end - offset)))
            guard !piece.isEmpty else { throw damaged(archive) }
            offset += Int64(piece.count)
            try unpacking.unpack(piece) { (bytes: [UInt8], total: Int64) throws(AreaError) in
                guard total <= Int64(entry.size) else { throw damaged(archive) }
                guard total <= trustedBytes || total / greatestRatio <= offset - start else {
                    throw AreaError(
                        .limit, file: archive.name,
                        "\(entry.name) unpacks to more than \(greatestRatio) times its size")
                }
                try output.write(bytes)
            }
        }
        guard unpacking.total == Int64(entry.size), unpacking.checksum == UInt(entry.crc32) else {
            throw damaged(archive)
        }
        try output.close()
    }

    private static func damaged(_ archive: SourceBytes) -> AreaError {
        AreaError(.damaged, file: archive.name, ZipFault.isDamaged.description)
    }
}

/// The last part of a file's name after its point, in lower case.
func ending(of path: String) -> String {
    let name = path.split(separator: "/").last ?? ""
    guard let point = name.lastIndex(of: ".") else { return "" }
    return name[name.index(after: point)...].lowercased()
}

/// The bytes of one member, inflated if they are deflated, with their number and checksum.
private struct Unpacking {
    private(set) var total: Int64 = 0
    private(set) var checksum: UInt = 0
    private let stream: UnsafeMutablePointer<z_stream>?
    private let file: String
    private var isAtEnd = false

    init(_ isDeflated: Bool, _ file: String) {
        self.file = file
        guard isDeflated else {
            stream = nil
            return
        }
        let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        stream.initialize(to: z_stream())
        // According to zlib.h, a negative size of the window means deflate data without a header. It fails only for
        // want of memory, and then inflate refuses the stream.
        _ = hextant_inflate_init(stream, -15)
        self.stream = stream
    }

    func end() {
        guard let stream else { return }
        inflateEnd(stream)
        stream.deallocate()
    }

    mutating func unpack(
        _ piece: [UInt8], _ body: ([UInt8], Int64) throws(AreaError) -> Void
    ) throws(AreaError) {
        guard let stream else {
            try add(piece, body)
            return
        }
        var used = 0
        // Inflate may still hold bytes when the input is used up, but not when it leaves room in the output.
        var isFull = false
        while !isAtEnd, used < piece.count || isFull {
            var status = Z_OK
            let output = [UInt8](unsafeUninitializedCapacity: 1 << 18) { buffer, initialized in
                piece.withUnsafeBufferPointer { input in
                    stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress! + used)
                    stream.pointee.avail_in = UInt32(input.count - used)
                    stream.pointee.next_out = buffer.baseAddress
                    stream.pointee.avail_out = UInt32(buffer.count)
                    status = inflate(stream, Z_NO_FLUSH)
                    used = input.count - Int(stream.pointee.avail_in)
                    initialized = buffer.count - Int(stream.pointee.avail_out)
                }
            }
            guard status == Z_OK || status == Z_STREAM_END || status == Z_BUF_ERROR else {
                throw AreaError(.damaged, file: file, ZipFault.isDamaged.description)
            }
            isAtEnd = status == Z_STREAM_END
            isFull = output.count == 1 << 18
            try add(output, body)
            if output.isEmpty, used < piece.count, !isAtEnd {
                throw AreaError(.damaged, file: file, ZipFault.isDamaged.description)
            }
        }
    }

    private mutating func add(
        _ bytes: [UInt8], _ body: ([UInt8], Int64) throws(AreaError) -> Void
    ) throws(AreaError) {
        total += Int64(bytes.count)
        checksum = crc32_z(checksum, bytes, bytes.count)
        try body(bytes, total)
    }
}
