import CSV
import Zip

/// A file whose records are not text, and what it is read as.
package enum FileContainer: Sendable, Equatable {
    /// An Excel workbook (XLSX); a sheet of it is read as delimited text.
    case workbook
    /// A GeoPackage; a layer of it is read as GeoJSON, a feature a line.
    case package

    var name: String {
        switch self {
        case .workbook: "an Excel workbook (XLSX)"
        case .package: "a GeoPackage"
        }
    }
}

/// A file's text, decompressed and in UTF-8.
struct EventText {
    let compression: Compression
    /// The kind of file that the text was made from; nil for a file of text.
    let container: FileContainer?
    /// Remarks on the choice of a sheet or layer, in sentences.
    let findings: [String]
    private let bytes: FileBytes
    private let features: PackageFeatures?
    private let text: DecodedText

    /// - Parameters:
    ///   - member: The file in a zip archive to read; nil for the first that may have events.
    ///   - stated: What is known of how the file is written.
    init(_ file: EventFile, member: ZipArchive.Member?, stated: Dialect) throws(FeedError) {
        let bytes = try FileBytes(file)
        let compression = try Self.compression(of: file, bytes)
        let container = try Self.container(of: file, bytes, compression)
        try Self.check(file, stated, container)
        self.bytes = bytes
        self.container = container
        switch (container, compression) {
        case (.workbook, _):
            let rows = try WorkbookRows(file, ZipArchive(file, bytes: bytes), stated: stated)
            findings = rows.finding.map { [$0] } ?? []
            features = nil
            text = DecodedText(rows, encoding: .utf8)
        case (.package, _):
            let features = try PackageFeatures(file)
            findings = features.finding.map { [$0] } ?? []
            self.features = features
            text = DecodedText(features, encoding: .utf8)
        case (nil, .none):
            (findings, features) = ([], nil)
            text = DecodedText(bytes, encoding: stated.encoding)
        case (nil, .gzip):
            (findings, features) = ([], nil)
            text = DecodedText(try InflatedBytes(bytes, .gzip, of: file), encoding: stated.encoding)
        case (nil, .zip):
            let archive = ZipArchive(file, bytes: bytes)
            var found = member
            if found == nil { found = try archive.eventFiles(file.member).files.first }
            guard let chosen = found else { preconditionFailure("an archive without files is refused") }
            (findings, features) = ([], nil)
            text = DecodedText(try archive.open(chosen), encoding: stated.encoding)
        }
        // A workbook is a zip archive for its own program only.
        self.compression = container == nil ? compression : .none
    }

    /// The files with events in a zip archive, and what is to be said of others in it; nil for other files.
    static func members(of file: EventFile) throws(FeedError) -> (files: [ZipArchive.Member], findings: [String])? {
        let bytes = try FileBytes(file)
        let compression = try compression(of: file, bytes)
        guard compression == .zip, try container(of: file, bytes, compression) == nil else {
            guard let member = file.member else { return nil }
            throw FeedError(.file, file: file.path, "is no zip archive, so it has no file \"\(member)\"")
        }
        return try ZipArchive(file, bytes: bytes).eventFiles(file.member)
    }

    /// The kind of container that a file is; nil for text, also compressed.
    static func container(of file: EventFile) throws(FeedError) -> FileContainer? {
        let bytes = try FileBytes(file)
        return try container(of: file, bytes, try compression(of: file, bytes))
    }

    private static func compression(of file: EventFile, _ bytes: FileBytes) throws(FeedError) -> Compression {
        try Compression.sniffed(try bytes.read(at: 0, count: Compression.tellingBytes), file: file.path)
    }

    private static func container(
        of file: EventFile, _ bytes: FileBytes, _ compression: Compression
    ) throws(FeedError) -> FileContainer? {
        switch compression {
        case .none:
            return FileKind.isGeoPackage(try bytes.read(at: 0, count: Compression.tellingBytes)) ? .package : nil
        case .gzip: return nil
        case .zip:
            let names = try ZipArchive(file, bytes: bytes).members().map(\.name)
            return FileKind.isWorkbook(members: names) ? .workbook : nil
        }
    }

    /// Checks that a file is of the kind that is stated, or that a choice was made from.
    private static func check(
        _ file: EventFile, _ stated: Dialect, _ container: FileContainer?
    ) throws(FeedError) {
        if let wanted = stated.format?.container, wanted != container {
            throw FeedError(
                .header, file: file.path,
                "is not \(wanted.name), as format: \(stated.format?.rawValue ?? "") says; give such a file or leave "
                    + "format: out")
        }
        if let sheet = file.sheet, container != .workbook {
            throw FeedError(.header, file: file.path, "is no Excel workbook (XLSX), so it has no sheet \"\(sheet)\"")
        }
        if let layer = file.layer, container != .package {
            throw FeedError(.header, file: file.path, "is no GeoPackage, so it has no layer \"\(layer)\"")
        }
    }

    /// The next block; nil at the end.
    func next() throws(FeedError) -> [UInt8]? { try text.next() }

    /// The encoding as found so far. Text that is all ASCII is UTF-8.
    var encoding: TextEncoding { text.encoding ?? .utf8 }

    /// The guess of the encoding; nil unless it was guessed.
    var encodingGuess: EncodingGuess? { text.guessedFrom.map { EncodingGuess(encoding, example: $0) } }

    /// How many bytes of the (compressed) file were read.
    var bytesRead: Int64 { features?.bytesRead ?? bytes.bytesRead }
}

extension Dialect {
    /// The dialect of the text that is made of a container, in place of what is stated for files of text.
    func reading(_ container: FileContainer?) -> Dialect {
        guard let container else { return self }
        var dialect = self
        dialect.encoding = .utf8
        dialect.format = container == .workbook ? .xlsx : .gpkg
        dialect.delimiter = delimiter ?? UInt8(ascii: ",")
        dialect.layout.quote = layout.quote ?? .quote
        dialect.layout.escape = nil
        dialect.layout.comment = nil
        dialect.layout.records = nil
        dialect.layout.maximumQuotedLines = .max
        return dialect
    }
}
