/// A file's text, decompressed and in UTF-8.
struct EventText {
    let compression: Compression
    private let bytes: FileBytes
    private let text: DecodedText

    /// - Parameter encoding: The encoding that the mapping states; nil to find it out.
    init(_ file: EventFile, encoding: TextEncoding?) throws(FeedError) {
        let bytes = try FileBytes(file)
        compression = try Compression.sniffed(try bytes.read(at: 0, count: 8), file: file.path)
        self.bytes = bytes
        switch compression {
        case .none: text = DecodedText(bytes, encoding: encoding)
        case .gzip:
            text = DecodedText(try InflatedBytes(bytes, .gzip, of: file), encoding: encoding)
        case .zip:
            text = DecodedText(try ZipArchive(file, bytes: bytes).onlyFile(), encoding: encoding)
        }
    }

    /// The next block; nil at the end.
    func next() throws(FeedError) -> [UInt8]? { try text.next() }

    /// The encoding as found so far. Text that is all ASCII is UTF-8.
    var encoding: TextEncoding { text.encoding ?? .utf8 }

    /// How many bytes of the (compressed) file were read.
    var bytesRead: Int64 { bytes.bytesRead }
}
