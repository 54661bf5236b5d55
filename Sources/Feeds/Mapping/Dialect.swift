package import Domain

/// The format of a file. Anything not stated is detected from the file.
package struct Dialect: Sendable, Equatable {
    package enum Format: String, Sendable, CaseIterable {
        /// Fields between delimiters; the first line names them.
        case csv
        /// One JSON object per line.
        case ndjson
        /// JSON in any other form: arrays, GeoJSON, the answers of services, one object after the other.
        case json
        /// A sheet of an Excel workbook, which is read as delimited text.
        case xlsx
        /// A layer of a GeoPackage, which is read as GeoJSON.
        case gpkg

        /// Whether records are JSON objects; otherwise they are fields between delimiters.
        var isJSON: Bool { self == .ndjson || self == .json || self == .gpkg }

        /// The kind of file that only a file of this format is; nil for text.
        var container: FileContainer? {
            switch self {
            case .csv, .ndjson, .json: nil
            case .xlsx: .workbook
            case .gpkg: .package
            }
        }
    }

    package enum Decimal: String, Sendable, CaseIterable {
        case point
        case comma
    }

    /// A statement without a meaning.
    package struct Refusal: Error {
        package let key: String
        package let problem: String
    }

    package var format: Format?
    package var encoding: TextEncoding?
    /// The delimiter, one ASCII character.
    package var delimiter: UInt8?
    package var decimal: Decimal?
    /// The statements that only a mapping can make.
    package var layout = FileLayout()

    package init() {}

    /// Whether records are JSON objects. The format must be known.
    var isJSON: Bool { format?.isJSON == true }

    /// Parses the words of a mapping or of the command line.
    package init(_ words: StatedDialect) throws(Refusal) {
        format = try Self.choice(words.format, "format")
        encoding = try words.encoding.map { name throws(Refusal) in
            guard let encoding = TextEncoding(name) else {
                throw Refusal(key: "encoding", problem: "\"\(name)\" is not a known encoding; \(TextEncoding.examples)")
            }
            return encoding
        }
        decimal = try Self.choice(words.decimal, "decimal")
        delimiter = try words.delimiter.map { text throws(Refusal) in
            let bytes = Array((["tab": "\t", "\\t": "\t"][text] ?? text).utf8)
            guard bytes.count == 1, bytes[0] < 0x80, !"\"\r\n".utf8.contains(bytes[0]) else {
                throw Refusal(
                    key: "delimiter", problem: "must be one ASCII character, for example \";\", or the word tab")
            }
            return bytes[0]
        }
    }

    /// This dialect with the statements of the other one, which take precedence.
    package func stating(_ other: Dialect) -> Dialect {
        var dialect = self
        dialect.format = other.format ?? format
        dialect.encoding = other.encoding ?? encoding
        dialect.delimiter = other.delimiter ?? delimiter
        dialect.decimal = other.decimal ?? decimal
        dialect.layout.member = other.layout.member ?? layout.member
        dialect.layout.sheet = other.layout.sheet ?? layout.sheet
        dialect.layout.layer = other.layout.layer ?? layout.layer
        return dialect
    }

    private static func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ text: String?, _ key: String
    ) throws(Refusal) -> Choice? {
        guard let text else { return nil }
        guard let choice = Choice(rawValue: text) else {
            let known = Choice.allCases.map(\.rawValue).joined(separator: ", ")
            throw Refusal(key: key, problem: "\"\(text)\" is not one of \(known)")
        }
        return choice
    }
}
