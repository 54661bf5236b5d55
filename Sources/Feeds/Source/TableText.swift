/// The whole text of a small table: a file of delimited text, packed or not, or the first sheet of a workbook.
package struct TableText: Sendable {
    /// The text in UTF-8, without a byte order mark.
    package let bytes: [UInt8]
    /// Whether these are the rows of a sheet, with commas, where a row may end before the last column.
    package let isSheet: Bool

    /// - Parameters:
    ///   - path: The path of the file.
    ///   - most: How many bytes the text may have.
    /// - Throws: `FeedError` for a file that cannot be read, is none of these kinds, or has more text.
    package init(path: String, most: Int) throws(FeedError) {
        let file = try EventFile(path: path, mostUnpacked: most)
        let text = try EventText(file, member: nil, stated: Dialect())
        guard text.container != .package else {
            throw FeedError(.file, file: path, "is a GeoPackage and no table: export the table as CSV")
        }
        var bytes: [UInt8] = []
        while let piece = try text.next() {
            guard bytes.count + piece.count <= most else {
                throw FeedError(.file, file: path, "has more than \(most >> 20) MiB of text")
            }
            bytes += piece
        }
        if text.container == nil, let name = FileKind.named(bytes) ?? FileKind.named(text: bytes) {
            throw FeedError(.header, file: path, name)
        }
        self.bytes = bytes
        isSheet = text.container == .workbook
    }
}
