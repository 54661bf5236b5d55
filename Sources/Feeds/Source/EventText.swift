/// A file's text, decompressed and in UTF-8.
struct EventText {
    let compression: Compression
    private let bytes: FileBytes
    private let text: DecodedText

    /// - Parameters:
    ///   - member: The file in a zip archive to read; nil for the first that may have events.
    ///   - encoding: The encoding that the mapping states; nil to find it out.
    init(_ file: EventFile, member: ZipArchive.Member?, encoding: TextEncoding?) throws(FeedError) {
        let bytes = try FileBytes(file)
        compression = try Self.compression(of: file, bytes)
        self.bytes = bytes
        switch compression {
        case .none: text = DecodedText(bytes, encoding: encoding)
        case .gzip:
            text = DecodedText(try InflatedBytes(bytes, .gzip, of: file), encoding: encoding)
        case .zip:
            let archive = ZipArchive(file, bytes: bytes)
            var found = member
            if found == nil { found = try archive.eventFiles(file.member).files.first }
            guard let chosen = found else { preconditionFailure("an archive without files is refused") }
            text = DecodedText(try archive.open(chosen), encoding: encoding)
        }
    }

    /// The files with events in a zip archive, and what is to be said of others in it; nil for other files.
    static func members(of file: EventFile) throws(FeedError) -> (files: [ZipArchive.Member], findings: [String])? {
        let bytes = try FileBytes(file)
        guard try compression(of: file, bytes) == .zip else {
            guard let member = file.member else { return nil }
            throw FeedError(.file, file: file.path, "is no zip archive, so it has no file \"\(member)\"")
        }
        return try ZipArchive(file, bytes: bytes).eventFiles(file.member)
    }

    private static func compression(of file: EventFile, _ bytes: FileBytes) throws(FeedError) -> Compression {
        try Compression.sniffed(try bytes.read(at: 0, count: Compression.tellingBytes), file: file.path)
    }

    /// The next block; nil at the end.
    func next() throws(FeedError) -> [UInt8]? { try text.next() }

    /// The encoding as found so far. Text that is all ASCII is UTF-8.
    var encoding: TextEncoding { text.encoding ?? .utf8 }

    /// The guess of the encoding; nil unless it was guessed.
    var encodingGuess: EncodingGuess? { text.guessedFrom.map { EncodingGuess(encoding, example: $0) } }

    /// How many bytes of the (compressed) file were read.
    var bytesRead: Int64 { bytes.bytesRead }
}
