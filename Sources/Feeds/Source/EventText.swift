/// A file's text, unpacked and in UTF-8.
struct EventText {
    let compression: Compression
    private let bytes: FileBytes
    private let text: DecodedText

    /// - Parameter encoding: as the mapping states it; nil to find out.
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

    /// The next piece; nil at the end.
    func next() throws(FeedError) -> [UInt8]? { try text.next() }

    /// As found in what was read so far: text that is all ASCII is UTF-8.
    var encoding: TextEncoding { text.encoding ?? .utf8 }

    /// Of the file, compressed as it is.
    var bytesRead: Int64 { bytes.bytesRead }
}
