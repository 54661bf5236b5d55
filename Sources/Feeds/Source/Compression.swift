/// How a file is compressed, according to its first bytes.
package enum Compression: String, Sendable {
    case none
    case gzip
    case zip

    static func sniffed(_ start: [UInt8], file: String) throws(FeedError) -> Compression {
        let refused: [(mark: [UInt8], name: String, tool: String)] = [
            (Array("BZh".utf8), "bzip2", "bunzip2"), ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00], "xz", "unxz"),
            ([0x28, 0xB5, 0x2F, 0xFD], "zstd", "unzstd"), ([0x37, 0x7A, 0xBC, 0xAF], "7-Zip", "7z x"),
        ]
        for (mark, name, tool) in refused where start.starts(with: mark) {
            throw FeedError(
                .encoding, file: file,
                "is compressed with \(name); only gzip and zip are supported. Unpack it first: \(tool)"
            )
        }
        if start.starts(with: [0x1F, 0x8B]) { return .gzip }
        if start.starts(with: [0x50, 0x4B, 0x03, 0x04]) || start.starts(with: [0x50, 0x4B, 0x05, 0x06]) {
            return .zip
        }
        return .none
    }
}
