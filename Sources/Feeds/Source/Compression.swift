/// How a file is compressed, according to its first bytes.
package enum Compression: String, Sendable {
    case none
    case gzip
    case zip

    /// How many of the first bytes tell the kind of a file.
    static let tellingBytes = 512

    /// - Throws: `FeedError` that names the kind of file when it is none of those that can be read.
    static func sniffed(_ start: [UInt8], file: String) throws(FeedError) -> Compression {
        if FileKind.isGeoPackage(start) { return .none }
        if let name = FileKind.named(start) { throw FeedError(.encoding, file: file, name) }
        if start.starts(with: [0x1F, 0x8B]) { return .gzip }
        if start.starts(with: [0x50, 0x4B, 0x03, 0x04]) || start.starts(with: [0x50, 0x4B, 0x05, 0x06]) {
            return .zip
        }
        return .none
    }
}

extension FeedError {
    /// The refusal of a file of a known kind.
    init(_ code: Code, file: String, _ name: FileKind.Name) {
        self.init(code, file: file, "is \(name.kind); \(name.advice)")
    }
}
