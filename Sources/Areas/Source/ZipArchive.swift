import CZlib
import Foundation

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

    private struct Entry {
        let name: String
        let method: UInt16
        let isEncrypted: Bool
        let checksum: UInt32
        let packedSize: Int64
        let size: Int64
        let header: Int64
    }

    /// Unpacks the members whose names end as one of `endings`.
    init(_ archive: SourceBytes, endings: Set<String>, limits: AreaLimits) throws(AreaError) {
        let entries = try Self.entries(archive).filter { entry in
            let last = entry.name.split(separator: "/").last ?? ""
            return !entry.name.hasPrefix("__MACOSX/") && !last.hasPrefix(".")
                && endings.contains(ending(of: entry.name))
        }
        let size = entries.reduce(into: Int64(0)) { $0 = $0.addingReportingOverflow($1.size).partialValue }
        guard entries.allSatisfy({ $0.size >= 0 }), size >= 0, size <= limits.mostUnpackedBytes else {
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
            try Self.unpack(entry, of: archive, to: path)
            members.append(Member(name: entry.name, path: path))
        }
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    private static func unpack(_ entry: Entry, of archive: SourceBytes, to path: String) throws(AreaError) {
        guard !entry.isEncrypted else {
            throw AreaError(.file, file: archive.name, "\(entry.name) is encrypted; unpack it first: unzip")
        }
        guard entry.method == 0 || entry.method == 8 else {
            throw AreaError(
                .file, file: archive.name,
                "\(entry.name) is compressed with method \(entry.method) instead of deflate; unpack it first: unzip")
        }
        let header = Bytes(try archive.read(at: entry.header, count: 30))
        guard header.count == 30, header.u32(0) == 0x0403_4B50 else { throw damaged(archive) }
        let start = entry.header + 30 + Int64(header.u16(26)) + Int64(header.u16(28))
        let output = try OutputFile(path, name: archive.name)
        var unpacking = Unpacking(entry.method == 8, archive.name)
        defer { unpacking.end() }
        var offset = start
        let end = start + entry.packedSize
        while offset < end {
            let piece = try archive.read(at: offset, count: Int(min(1 << 18, end - offset)))
            guard !piece.isEmpty else { throw damaged(archive) }
            offset += Int64(piece.count)
            try unpacking.unpack(piece) { (bytes: [UInt8], total: Int64) throws(AreaError) in
                guard total <= entry.size else { throw damaged(archive) }
                guard total <= trustedBytes || total / greatestRatio <= offset - start else {
                    throw AreaError(
                        .limit, file: archive.name,
                        "\(entry.name) unpacks to more than \(greatestRatio) times its size")
                }
                try output.write(bytes)
            }
        }
        guard unpacking.total == entry.size, unpacking.checksum == UInt(entry.checksum) else { throw damaged(archive) }
        try output.close()
    }

    private static func entries(_ archive: SourceBytes) throws(AreaError) -> [Entry] {
        let size = archive.byteCount
        let tailStart = size - min(size, 65_557 + 20)
        let tail = Bytes(try archive.read(at: tailStart, count: Int(size - tailStart)))
        guard tail.count >= 22,
            let end = stride(from: tail.count - 22, through: 0, by: -1).first(where: { tail.u32($0) == 0x0605_4B50 })
        else { throw AreaError(.damaged, file: archive.name, "is a zip archive that is cut short; download it again") }
        var count = UInt64(tail.u16(end + 10))
        var length = UInt64(tail.u32(end + 12))
        var start = UInt64(tail.u32(end + 16))
        if start == 0xFFFF_FFFF || count == 0xFFFF, end >= 20, tail.u32(end - 20) == 0x0706_4B50 {
            let place = tail.u64(end - 12)
            guard place <= UInt64(size) else { throw damaged(archive) }
            let large = Bytes(try archive.read(at: Int64(place), count: 56))
            guard large.count == 56, large.u32(0) == 0x0606_4B50 else { throw damaged(archive) }
            (count, length, start) = (large.u64(32), large.u64(40), large.u64(48))
        }
        guard start <= UInt64(size), length <= UInt64(size) - start, length <= 16 << 20 else { throw damaged(archive) }
        guard count <= mostMembers else {
            throw AreaError(.limit, file: archive.name, "has more than \(mostMembers) files; unpack it first")
        }
        let directory = Bytes(try archive.read(at: Int64(start), count: Int(length)))
        var entries: [Entry] = []
        var place = 0
        for _ in 0..<count {
            guard let entry = entry(directory, &place, archiveSize: UInt64(size)) else { throw damaged(archive) }
            entries.append(entry)
        }
        return entries
    }

    /// The entry at `place` of the directory, which then is that of the next; nil when it makes no sense.
    private static func entry(_ directory: Bytes, _ place: inout Int, archiveSize: UInt64) -> Entry? {
        guard place + 46 <= directory.count, directory.u32(place) == 0x0201_4B50 else { return nil }
        let nameEnd = place + 46 + Int(directory.u16(place + 28))
        let extraEnd = nameEnd + Int(directory.u16(place + 30))
        guard extraEnd <= directory.count else { return nil }
        var packedSize = UInt64(directory.u32(place + 20))
        var size = UInt64(directory.u32(place + 24))
        var header = UInt64(directory.u32(place + 42))
        var extra = nameEnd
        while extra + 4 <= extraEnd {
            let end = min(extra + 4 + Int(directory.u16(extra + 2)), extraEnd)
            if directory.u16(extra) == 1 {
                // Only the values that did not fit in 32 bits are present, in this order.
                var large = extra + 4
                func take(_ value: inout UInt64) {
                    guard value == 0xFFFF_FFFF, large + 8 <= end else { return }
                    value = directory.u64(large)
                    large += 8
                }
                take(&size)
                take(&packedSize)
                take(&header)
            }
            extra = end
        }
        guard header <= archiveSize, packedSize <= archiveSize - header, size <= UInt64(Int64.max) else { return nil }
        let entry = Entry(
            name: String(decoding: directory.slice(place + 46..<nameEnd), as: UTF8.self),
            method: directory.u16(place + 10), isEncrypted: directory.u16(place + 8) & 1 != 0,
            checksum: directory.u32(place + 16), packedSize: Int64(packedSize), size: Int64(size),
            header: Int64(header))
        place = extraEnd + Int(directory.u16(place + 32))
        return entry
    }

    private static func damaged(_ archive: SourceBytes) -> AreaError {
        AreaError(.damaged, file: archive.name, "is a damaged zip archive; download or pack it again")
    }

    /// Little-endian numbers in bytes.
    private struct Bytes {
        private let bytes: [UInt8]

        init(_ bytes: [UInt8]) { self.bytes = bytes }

        var count: Int { bytes.count }

        func slice(_ range: Range<Int>) -> ArraySlice<UInt8> { bytes[range] }
        func u16(_ index: Int) -> UInt16 { UInt16(bytes[index]) | UInt16(bytes[index + 1]) << 8 }
        func u32(_ index: Int) -> UInt32 { UInt32(u16(index)) | UInt32(u16(index + 2)) << 16 }
        func u64(_ index: Int) -> UInt64 { UInt64(u32(index)) | UInt64(u32(index + 4)) << 32 }
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
                throw AreaError(.damaged, file: file, "is a damaged zip archive; download or pack it again")
            }
            isAtEnd = status == Z_STREAM_END
            isFull = output.count == 1 << 18
            try add(output, body)
            if output.isEmpty, used < piece.count, !isAtEnd {
                throw AreaError(.damaged, file: file, "is a damaged zip archive; download or pack it again")
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
