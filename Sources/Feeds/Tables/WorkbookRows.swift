import CSV

/// The rows of a sheet of an Excel workbook as delimited text, a line for each row, so that they are read like those of
/// any other file. Row 5 of the sheet is record 5 of the text, also where rows before it are missing.
///
/// A cell is its value: the cached result of a formula, `TRUE` or `FALSE`, the shortest text that gives the number, a
/// date in ISO 8601. No more than some rows are in memory, besides the texts that cells share.
final class WorkbookRows: ByteStream {
    /// The sheets of a workbook end here.
    static let mostRows = 1_048_576
    static let mostColumns = 16_384
    /// How many bytes a record may have; what a row has beyond is left out, because it is rejected anyway.
    static let mostRowBytes = 1 << 20

    /// Remark on the choice of the sheet; nil where there was none.
    let finding: String?

    private let path: String
    private let bytes: any ByteStream
    private let xml: WorkbookXML
    private let rows: Rows
    private let bound: TextBound
    private var piece: ArraySlice<UInt8> = []
    private var isAtEnd = false

    /// How much of a sheet is parsed between two looks at the size of the text. A cell of few bytes may refer to a text
    /// of many, so that text is some thousand times as long at the worst.
    private static let stepBytes = 1 << 14

    /// - Parameter stated: How the mapping says that files are written; of that the delimiter, quote and decimal sign
    ///   are taken, so that numbers and dead letters are read by the same rules.
    /// - Throws: `FeedError` for a workbook that cannot be read or has no such sheet.
    init(_ file: EventFile, _ archive: ZipArchive, stated: Dialect) throws(FeedError) {
        let parts = try WorkbookParts(file, archive)
        let (sheet, finding) = try parts.sheet(named: file.sheet)
        self.finding = finding
        path = file.path
        rows = Rows(parts, sheet.name, stated)
        bytes = try parts.open(sheet)
        xml = try WorkbookXML(rows, file: file.path, part: "the sheet \"\(sheet.name)\"")
        bound = TextBound(file)
    }

    func next() throws(FeedError) -> [UInt8]? {
        while rows.text.count < pieceBytes, !isAtEnd {
            if piece.isEmpty {
                guard let read = try bytes.next() else {
                    try xml.read([], isLast: true)
                    isAtEnd = true
                    break
                }
                piece = read[...]
            }
            try xml.read(piece.prefix(Self.stepBytes))
            piece = piece.dropFirst(Self.stepBytes)
        }
        guard !rows.text.isEmpty else { return nil }
        try bound.add(rows.text.count)
        defer { rows.text.removeAll(keepingCapacity: true) }
        return rows.text
    }

    /// Writes the rows as the parser tells of them.
    private final class Rows: WorkbookXMLDelegate {
        var text: [UInt8] = []

        private let parts: WorkbookParts
        private let sheet: String
        private let delimiter: UInt8
        private let quote: UInt8
        private let decimal: UInt8
        private var isInData = false
        private var row = 0
        private var isInRow = false
        /// The column of the next cell that does not say its own, counted from 0.
        private var nextColumn = 0
        /// How many delimiters the line has.
        private var delimiters = 0
        private var rowStart = 0
        private var isInCell = false
        private var column = 0
        private var kind = Kind.number
        private var format = NumberFormat.number
        private var isValue = false
        private var isInline = false
        private var phoneticDepth = 0
        private var value: [UInt8] = []

        private enum Kind {
            case number
            case shared
            case text
            case truth
        }

        init(_ parts: WorkbookParts, _ sheet: String, _ stated: Dialect) {
            self.parts = parts
            self.sheet = sheet
            delimiter = stated.delimiter ?? UInt8(ascii: ",")
            quote = stated.layout.quote ?? .quote
            decimal = stated.decimal == .comma ? UInt8(ascii: ",") : UInt8(ascii: ".")
        }

        func begin(_ name: XMLName, _ attributes: XMLAttributes) throws(WorkbookFault) {
            guard isInData else {
                if name == "sheetData" { isInData = true }
                return
            }
            switch name {
            case "row": try beginRow(attributes)
            case "c" where isInRow: try beginCell(attributes)
            case "v" where isInCell: isValue = true
            case "is" where isInCell: isInline = true
            case "t" where isInline: isValue = phoneticDepth == 0
            case "rPh": phoneticDepth += 1
            default: break
            }
        }

        func end(_ name: XMLName) throws(WorkbookFault) {
            guard isInData else { return }
            switch name {
            case "sheetData": isInData = false
            case "row":
                text.append(UInt8(ascii: "\n"))
                isInRow = false
            case "c" where isInCell:
                try writeCell()
                isInCell = false
            case "v", "t": isValue = false
            case "is": isInline = false
            case "rPh": phoneticDepth -= 1
            default: break
            }
        }

        func text(_ utf8: UnsafeRawBufferPointer) throws(WorkbookFault) {
            guard isValue else { return }
            guard value.count + utf8.count <= WorkbookTexts.mostCellBytes else { throw WorkbookTexts.cellTooLong }
            value.append(contentsOf: utf8)
        }

        private func beginRow(_ attributes: XMLAttributes) throws(WorkbookFault) {
            var number = row + 1
            if let stated = attributes.value("r") {
                guard let read = Int(String(cString: stated)), read > row else {
                    throw WorkbookFault("is damaged, since row \(String(cString: stated)) comes after row \(row)")
                }
                number = read
            }
            guard number <= WorkbookRows.mostRows else {
                throw WorkbookFault("is damaged, since it has a row \(number), beyond the last one that Excel has")
            }
            text.append(contentsOf: repeatElement(UInt8(ascii: "\n"), count: number - row - 1))
            row = number
            (isInRow, nextColumn, delimiters, rowStart) = (true, 0, 0, text.count)
        }

        private func beginCell(_ attributes: XMLAttributes) throws(WorkbookFault) {
            column = nextColumn
            if let reference = attributes.value("r") {
                var number = 0
                var letter = reference
                while let digit = Self.letter(letter.pointee), number < WorkbookRows.mostColumns {
                    number = number * 26 + digit
                    letter += 1
                }
                guard number > nextColumn else {
                    throw WorkbookFault("is damaged, since the cell \(String(cString: reference)) is out of order")
                }
                column = number - 1
            }
            guard column < WorkbookRows.mostColumns else {
                throw WorkbookFault("is damaged, since row \(row) has a cell beyond the last column that Excel has")
            }
            nextColumn = column + 1
            format = .number
            if let style = attributes.value("s"), let number = Int(String(cString: style)),
                parts.formats.indices.contains(number)
            {
                format = parts.formats[number]
            }
            kind = .number
            if let type = attributes.value("t") {
                switch XMLName(type) {
                case "s": kind = .shared
                case "b": kind = .truth
                case "n": kind = .number
                // Texts of formulas and of the cell itself, dates in ISO 8601, and errors such as #N/A.
                default: kind = .text
                }
            }
            value.removeAll(keepingCapacity: true)
            (isInCell, isValue, isInline) = (true, false, false)
        }

        private static func letter(_ byte: CChar) -> Int? {
            switch UInt8(bitPattern: byte) {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): Int(byte) - 64
            case UInt8(ascii: "a")...UInt8(ascii: "z"): Int(byte) - 96
            default: nil
            }
        }

        private func writeCell() throws(WorkbookFault) {
            guard !value.isEmpty else { return }
            switch kind {
            case .number: write(number(value)[...])
            case .truth: write(Array((value == [UInt8(ascii: "0")] ? "FALSE" : "TRUE").utf8)[...])
            case .text:
                WorkbookTexts.unescape(&value, from: 0)
                write(value[...])
            case .shared:
                let number = Int(String(decoding: value, as: UTF8.self)) ?? -1
                guard let shared = parts.texts.text(number) else {
                    throw WorkbookFault(
                        "is damaged, since a cell of row \(row) has the text \(number), of which there are "
                            + "\(parts.texts.count)")
                }
                write(shared)
            }
        }

        /// A number as text: a date or time where its format says so, else the shortest text that gives it.
        private func number(_ digits: [UInt8]) -> [UInt8] {
            if format == .number, digits.count <= 15, digits.allSatisfy(Glyph.isDigit) { return digits }
            guard let number = Double(String(decoding: digits, as: UTF8.self)), number.isFinite else { return digits }
            if let date = format.text(serial: number, from1904: parts.countsFrom1904) { return Array(date.utf8) }
            if number == number.rounded(), number.magnitude < 1e15 { return Array(String(Int64(number)).utf8) }
            return String(number).utf8.map { $0 == UInt8(ascii: ".") ? decimal : $0 }
        }

        /// Appends a field to the line, unless it is longer than a record may be already; such a line is rejected.
        private func write(_ field: ArraySlice<UInt8>) {
            guard !field.isEmpty, text.count - rowStart <= WorkbookRows.mostRowBytes else { return }
            text.append(contentsOf: repeatElement(delimiter, count: column - delimiters))
            delimiters = column
            let isPlain = field.allSatisfy { byte in
                byte != delimiter && byte != quote && byte != UInt8(ascii: "\n") && byte != UInt8(ascii: "\r")
                    && byte != UInt8(ascii: ",") && byte != UInt8(ascii: ";") && byte != UInt8(ascii: "\t")
                    && byte != UInt8(ascii: "|")
            }
            guard !isPlain else {
                text.append(contentsOf: field)
                return
            }
            text.append(quote)
            for byte in field {
                if byte == quote { text.append(quote) }
                text.append(byte)
            }
            text.append(quote)
        }
    }
}

/// The bound on how much text a file of another form may give. It is that of compressed files: text of more than 1 MiB
/// may be no more than 500 times as long as the file, and no longer than a sender may send.
final class TextBound {
    private let path: String
    private let most: UInt64
    private let isStated: Bool
    private var size: UInt64 = 0

    init(_ file: EventFile) {
        path = file.path
        let byRatio = max(InflatedBytes.trustedBytes, UInt64(file.byteCount) * InflatedBytes.greatestRatio)
        most = min(byRatio, file.mostUnpacked.map(UInt64.init) ?? .max)
        isStated = most < byRatio
    }

    func add(_ count: Int) throws(FeedError) {
        size += UInt64(count)
        guard size > most else { return }
        throw FeedError(
            .encoding, file: path,
            isStated
                ? "has more than \(most) bytes of text, the limit of this server; send it in parts"
                : "has more text than \(InflatedBytes.greatestRatio) times its size, which no file of events does; "
                    + "if it is right, save it as CSV (UTF-8)")
    }
}
