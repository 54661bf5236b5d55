/// The directory of a zip archive (APPNOTE.TXT 6.3.10, with the 64-bit extensions).
package struct ZipDirectory<Failure: Error> {
    /// Beyond this many bytes a directory is none.
    private static var mostBytes: UInt64 { 16 << 20 }

    private let byteCount: UInt64
    private let read: (_ offset: UInt64, _ count: Int) throws(Failure) -> [UInt8]
    private let mostFiles: Int?
    private let failure: (ZipFault) -> Failure

    /// - Parameters:
    ///   - byteCount: The size of the archive.
    ///   - mostFiles: How many files it may have; nil for as many as fit into a directory of 16 MB.
    ///   - read: The bytes of the archive at an offset; fewer than `count` only where it ends.
    ///   - failure: The error that says a fault.
    package init(
        byteCount: UInt64, mostFiles: Int? = nil,
        read: @escaping (_ offset: UInt64, _ count: Int) throws(Failure) -> [UInt8],
        failure: @escaping (ZipFault) -> Failure
    ) {
        self.byteCount = byteCount
        self.mostFiles = mostFiles
        self.read = read
        self.failure = failure
    }

    /// All entries, in the order of the directory.
    /// - Throws: The failure of a ``ZipFault``, and what reading throws.
    package func entries() throws(Failure) -> [ZipEntry] {
        let tailStart = byteCount - min(byteCount, 65_557 + 20)
        let tail = LittleEndianBytes(try read(tailStart, Int(byteCount - tailStart)))
        guard tail.count >= 22,
            let end = stride(from: tail.count - 22, through: 0, by: -1).first(where: { tail.u32($0) == 0x0605_4B50 })
        else { throw failure(.isCutShort) }
        var count = UInt64(tail.u16(end + 10))
        var length = UInt64(tail.u32(end + 12))
        var start = UInt64(tail.u32(end + 16))
        if start == 0xFFFF_FFFF || count == 0xFFFF, end >= 20, tail.u32(end - 20) == 0x0706_4B50 {
            let place = tail.u64(end - 12)
            guard place <= byteCount else { throw failure(.isDamaged) }
            let large = LittleEndianBytes(try read(place, 56))
            guard large.count == 56, large.u32(0) == 0x0606_4B50 else { throw failure(.isDamaged) }
            (count, length, start) = (large.u64(32), large.u64(40), large.u64(48))
        }
        guard start <= byteCount, length <= byteCount - start, length <= Self.mostBytes else {
            throw failure(.isDamaged)
        }
        if let mostFiles, count > mostFiles { throw failure(.hasTooManyFiles(most: mostFiles)) }
        let directory = LittleEndianBytes(try read(start, Int(length)))
        var entries: [ZipEntry] = []
        var place = 0
        for _ in 0..<count {
            guard let entry = entry(directory, &place) else { throw failure(.isDamaged) }
            entries.append(entry)
        }
        return entries
    }

    /// The place of the packed bytes of an entry in the archive.
    /// - Throws: The failure of ``ZipFault/isDamaged`` when its local header is none, and what reading throws.
    package func bytes(of entry: ZipEntry) throws(Failure) -> Range<UInt64> {
        let header = LittleEndianBytes(try read(entry.header, 30))
        guard header.count == 30, header.u32(0) == 0x0403_4B50 else { throw failure(.isDamaged) }
        let start = entry.header + 30 + UInt64(header.u16(26)) + UInt64(header.u16(28))
        return start..<start + entry.packedSize
    }

    /// The entry at `place` of the directory, which then is that of the next; nil when it makes no sense.
    private func entry(_ directory: LittleEndianBytes, _ place: inout Int) -> ZipEntry? {
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
        guard header <= byteCount, packedSize <= byteCount - header, size <= UInt64(Int64.max) else { return nil }
        let entry = ZipEntry(
            name: String(decoding: directory.slice(place + 46..<nameEnd), as: UTF8.self),
            method: directory.u16(place + 10), isEncrypted: directory.u16(place + 8) & 1 != 0,
            crc32: directory.u32(place + 16), packedSize: packedSize, size: size, header: header)
        place = extraEnd + Int(directory.u16(place + 32))
        return entry
    }
}

/// Little-endian numbers in bytes.
private struct LittleEndianBytes {
    private let bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var count: Int { bytes.count }

    func slice(_ range: Range<Int>) -> ArraySlice<UInt8> { bytes[range] }
    func u16(_ index: Int) -> UInt16 { UInt16(bytes[index]) | UInt16(bytes[index + 1]) << 8 }
    func u32(_ index: Int) -> UInt32 { UInt32(u16(index)) | UInt32(u16(index + 2)) << 16 }
    func u64(_ index: Int) -> UInt64 { UInt64(u32(index)) | UInt64(u32(index + 4)) << 32 }
}
