/// Finds the files in a zip archive (APPNOTE.TXT 6.3.10, with the 64-bit extensions).
struct ZipArchive {
    struct Member: Sendable {
        let name: String
        let method: UInt16
        let isEncrypted: Bool
        let crc32: UInt32
        let compressedSize: UInt64
        let size: UInt64
        let headerOffset: UInt64

        /// The name without its folder.
        var baseName: String { name.split(separator: "/").last.map(String.init) ?? name }

        var isHidden: Bool { baseName.hasPrefix(".") }

        /// Whether the file explains the others, by its name.
        var isExplanation: Bool {
            let name = baseName.lowercased()
            let endings = [
                ".md", ".html", ".htm", ".doc", ".docx", ".rtf", ".png", ".jpg", ".jpeg", ".xml", ".xsd", ".prj",
                ".cpg",
                ".qpj", ".qml", ".sld", ".url", ".sha256", ".md5",
            ]
            let beginnings = [
                "readme", "read_me", "read me", "read-me", "license", "licence", "copying", "copyright", "citation",
                "disclaimer", "terms", "lisezmoi", "liesmich", "leeme", "leiame",
            ]
            let tables = [".csv", ".tsv", ".tab", ".json", ".geojson", ".ndjson", ".jsonl"]
            if tables.contains(where: { name.hasSuffix($0) }) { return false }
            return endings.contains { name.hasSuffix($0) } || beginnings.contains { name.hasPrefix($0) }
        }
    }

    private let bytes: FileBytes
    private let file: EventFile

    init(_ file: EventFile, bytes: FileBytes) {
        self.file = file
        self.bytes = bytes
    }

    /// The files in the archive that may have events, in the order of the archive.
    ///
    /// Folders, hidden files, what macOS adds, and files that explain the others do not count.
    ///
    /// - Parameter pattern: The name of the files that are wanted, with or without its folder; `*` and `?` stand for
    ///   other characters. nil for all.
    /// - Returns: The files, and what is to be said of others.
    /// - Throws: `FeedError` that names what the archive has instead, or a file that is encrypted.
    func eventFiles(_ pattern: String?) throws(FeedError) -> (files: [Member], findings: [String]) {
        let all = try members()
        if let name = FileKind.named(members: all.map(\.name)) { throw FeedError(.encoding, file: file.path, name) }
        let files = all.filter { !$0.name.hasSuffix("/") && !$0.name.hasPrefix("__MACOSX/") && !$0.isHidden }
        guard !files.isEmpty else { throw error("the zip archive contains no file") }
        let wanted = try pattern.map { pattern throws(FeedError) in
            let found = files.filter { Glob.matches(pattern, $0.name) || Glob.matches(pattern, $0.baseName) }
            guard !found.isEmpty else {
                throw error("the zip archive contains no file \"\(pattern)\"; it contains \(Self.list(files))")
            }
            return found
        }
        let found = wanted ?? files.filter { !$0.isExplanation && FileKind.named(ending: $0.name) == nil }
        let kinds = files.compactMap { member in
            FileKind.named(ending: member.name).map { "\(member.name) is \($0)" }
        }
        guard !found.isEmpty else {
            throw error(
                "the zip archive contains no file that can be read: "
                    + (kinds.isEmpty ? Self.list(files) : kinds.prefix(5).joined(separator: ", "))
                    + "; unpack it: unzip")
        }
        for member in found {
            guard !member.isEncrypted else {
                throw error("\(member.name) in the zip archive is encrypted; unpack it first: unzip")
            }
            if let kind = FileKind.named(ending: member.name) {
                throw error("\(member.name) in the zip archive is \(kind); unpack it first: unzip")
            }
        }
        let isChosen = pattern != nil || kinds.isEmpty
        return (found, isChosen ? [] : ["Not read of the zip archive: \(kinds.prefix(5).joined(separator: ", "))."])
    }

    private static func list(_ members: [Member]) -> String {
        members.prefix(5).map(\.name).joined(separator: ", ") + (members.count > 5 ? " and others" : "")
    }

    /// The bytes of a file in the archive.
    func open(_ member: Member) throws(FeedError) -> any ByteStream {
        let header = Bytes(try bytes.read(at: member.headerOffset, count: 30))
        guard header.count == 30, header.u32(0) == 0x0403_4B50 else { throw damaged }
        let start = member.headerOffset + 30 + UInt64(header.u16(26)) + UInt64(header.u16(28))
        bytes.restrict(to: start..<start + member.compressedSize)
        switch member.method {
        case 0: return CheckedBytes(bytes, member, path: file.path)
        case 8:
            return CheckedBytes(try InflatedBytes(bytes, .zipMember, of: file), member, path: file.path)
        default:
            throw error(
                "\(member.name) is compressed with method \(member.method) instead of deflate; unpack it first: unzip")
        }
    }

    func members() throws(FeedError) -> [Member] {
        let size = UInt64(file.byteCount)
        let tailStart = size - min(size, 65_557 + 20)
        let tail = Bytes(try bytes.read(at: tailStart, count: Int(size - tailStart)))
        guard tail.count >= 22,
            let end = stride(from: tail.count - 22, through: 0, by: -1).first(where: { tail.u32($0) == 0x0605_4B50 })
        else { throw error("is a zip archive that is cut short; download it again") }
        var count = UInt64(tail.u16(end + 10))
        var directorySize = UInt64(tail.u32(end + 12))
        var directoryStart = UInt64(tail.u32(end + 16))
        if directoryStart == 0xFFFF_FFFF || count == 0xFFFF, end >= 20, tail.u32(end - 20) == 0x0706_4B50 {
            let place = tail.u64(end - 12)
            guard place <= size else { throw damaged }
            let large = Bytes(try bytes.read(at: place, count: 56))
            guard large.count == 56, large.u32(0) == 0x0606_4B50 else { throw damaged }
            (count, directorySize, directoryStart) = (large.u64(32), large.u64(40), large.u64(48))
        }
        guard directoryStart <= size, directorySize <= size - directoryStart, directorySize <= 16 << 20 else {
            throw damaged
        }
        return try entries(Bytes(try bytes.read(at: directoryStart, count: Int(directorySize))), count: count)
    }

    private func entries(_ directory: Bytes, count: UInt64) throws(FeedError) -> [Member] {
        var members: [Member] = []
        var start = 0
        for _ in 0..<count {
            guard start + 46 <= directory.count, directory.u32(start) == 0x0201_4B50 else { throw damaged }
            let nameEnd = start + 46 + Int(directory.u16(start + 28))
            let extraEnd = nameEnd + Int(directory.u16(start + 30))
            guard extraEnd <= directory.count else { throw damaged }
            var size = UInt64(directory.u32(start + 24))
            var packedSize = UInt64(directory.u32(start + 20))
            var offset = UInt64(directory.u32(start + 42))
            var extra = nameEnd
            while extra + 4 <= extraEnd {
                let end = min(extra + 4 + Int(directory.u16(extra + 2)), extraEnd)
                if directory.u16(extra) == 1 {
                    // Only the values that did not fit in 32 bits are present, in this order.
                    var place = extra + 4
                    func large(_ value: inout UInt64) {
                        guard value == 0xFFFF_FFFF, place + 8 <= end else { return }
                        value = directory.u64(place)
                        place += 8
                    }
                    large(&size)
                    large(&packedSize)
                    large(&offset)
                }
                extra = end
            }
            guard offset <= UInt64(file.byteCount), packedSize <= UInt64(file.byteCount) - offset else { throw damaged }
            members.append(
                Member(
                    name: String(decoding: directory.slice(start + 46..<nameEnd), as: UTF8.self),
                    method: directory.u16(start + 10), isEncrypted: directory.u16(start + 8) & 1 != 0,
                    crc32: directory.u32(start + 16), compressedSize: packedSize, size: size, headerOffset: offset))
            start = extraEnd + Int(directory.u16(start + 32))
        }
        return members
    }

    private var damaged: FeedError { error("is a damaged zip archive; download or pack it again") }

    private func error(_ problem: String) -> FeedError { FeedError(.encoding, file: file.path, problem) }

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
