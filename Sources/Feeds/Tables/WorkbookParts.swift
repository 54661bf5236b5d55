import Foundation
import Zip

/// The parts of an Excel workbook (ECMA-376, Office Open XML) that are needed to read one of its sheets.
///
/// References of a part to other files are never followed: a sheet that lies outside the workbook is refused.
struct WorkbookParts {
    struct Sheet {
        let name: String
        let isHidden: Bool
        /// The path of the part in the archive.
        let part: String
    }

    /// The worksheets, in their order.
    let sheets: [Sheet]
    /// Whether serial numbers count from 1904, as those of old Macs do.
    let countsFrom1904: Bool
    /// The number formats of the styles that cells refer to.
    let formats: [NumberFormat]
    let texts: WorkbookTexts

    private let file: EventFile
    private let archive: ZipArchive
    private let members: [String: ZipArchive.Member]

    /// How many sheets, formats and styles there may be; Excel has 65,490 styles at the most.
    private static let mostEntries = 100_000

    /// Reads all but the sheets.
    /// - Throws: `FeedError` for a workbook that is damaged, encrypted or of another kind.
    init(_ file: EventFile, _ archive: ZipArchive) throws(FeedError) {
        self.file = file
        self.archive = archive
        var members: [String: ZipArchive.Member] = [:]
        for member in try archive.members() { members[Self.key(member.name)] = member }
        self.members = members
        let root = try Self.relations(of: "", file, archive, members)
        let book = root.first { $0.kind == "officeDocument" }.map(\.target) ?? "xl/workbook.xml"
        guard !book.lowercased().hasSuffix(".bin") else {
            throw FeedError(
                .encoding, file: file.path, "is a binary Excel workbook (XLSB); save it as XLSX or CSV (UTF-8)")
        }
        let relations = try Self.relations(of: book, file, archive, members)
        let list = SheetList()
        guard try Self.read(book, list, file, archive, members) else {
            throw FeedError(
                .encoding, file: file.path, "is an Excel workbook (XLSX) that is damaged: it has no part \(book)")
        }
        countsFrom1904 = list.countsFrom1904
        var sheets: [Sheet] = []
        for entry in list.entries {
            // Charts and macros have sheets, too, but no cells.
            guard let relation = relations.first(where: { $0.id == entry.relation }), relation.kind == "worksheet"
            else { continue }
            guard !relation.isExternal else {
                throw FeedError(
                    .encoding, file: file.path, "has the sheet \"\(entry.name)\" in another file, which is not read")
            }
            sheets.append(Sheet(name: entry.name, isHidden: entry.isHidden, part: relation.target))
        }
        self.sheets = sheets
        let styles = StyleList()
        if let part = relations.first(where: { $0.kind == "styles" && !$0.isExternal })?.target {
            _ = try Self.read(part, styles, file, archive, members)
        }
        formats = styles.formats
        texts = WorkbookTexts()
        if let part = relations.first(where: { $0.kind == "sharedStrings" && !$0.isExternal })?.target {
            _ = try Self.read(part, texts, file, archive, members)
        }
    }

    /// The sheet with a name, or the first one that is visible.
    ///
    /// - Returns: The sheet, and what is to be said of the choice.
    /// - Throws: `FeedError` that lists the sheets when there is none of that name.
    func sheet(named name: String?) throws(FeedError) -> (sheet: Sheet, finding: String?) {
        let list = sheets.prefix(20).map { "\"\($0.name)\"" }.joined(separator: ", ")
        if let name {
            let found =
                sheets.first { $0.name == name } ?? sheets.first { $0.name.lowercased() == name.lowercased() }
            guard let found else {
                throw FeedError(.header, file: file.path, "has no sheet \"\(name)\"; its sheets are: \(list)")
            }
            return (found, nil)
        }
        guard let first = sheets.first(where: { !$0.isHidden }) ?? sheets.first else {
            throw FeedError(.header, file: file.path, "is an Excel workbook (XLSX) without a sheet of cells")
        }
        guard sheets.count > 1 else { return (first, nil) }
        return (
            first,
            "The sheet \"\(first.name)\" was read, one of \(sheets.count): \(list); sheet: in the mapping or --sheet "
                + "chooses another."
        )
    }

    /// Opens the part of a sheet.
    func open(_ sheet: Sheet) throws(FeedError) -> any ByteStream {
        guard let member = members[Self.key(sheet.part)] else {
            throw FeedError(
                .encoding, file: file.path,
                "is an Excel workbook (XLSX) that is damaged: the sheet \"\(sheet.name)\" should be in "
                    + "\(sheet.part), which is missing")
        }
        return try archive.open(member)
    }

    // MARK: Parts

    /// A reference of a part to another one.
    private struct Relation {
        let id: String
        /// The last part of the kind's URL, such as `worksheet`.
        let kind: String
        let target: String
        let isExternal: Bool
    }

    /// Names of parts are compared without regard to case (ECMA-376 part 2, 9.1.1).
    private static func key(_ part: String) -> String { part.lowercased() }

    private static func relations(
        of part: String, _ file: EventFile, _ archive: ZipArchive, _ members: [String: ZipArchive.Member]
    ) throws(FeedError) -> [Relation] {
        var folder = part.split(separator: "/").map(String.init)
        let name = folder.popLast() ?? ""
        let list = RelationList()
        _ = try read((folder + ["_rels", "\(name).rels"]).joined(separator: "/"), list, file, archive, members)
        return list.entries.map { entry in
            var path = entry.target.hasPrefix("/") ? [] : folder
            for step in entry.target.split(separator: "/") {
                switch step {
                case ".": break
                case "..": _ = path.popLast()
                default: path.append(String(step))
                }
            }
            return Relation(
                id: entry.id, kind: entry.type.split(separator: "/").last.map(String.init) ?? "",
                target: path.joined(separator: "/"), isExternal: entry.isExternal)
        }
    }

    /// Reads a whole part; false when there is no such part.
    private static func read(
        _ part: String, _ delegate: any WorkbookXMLDelegate, _ file: EventFile, _ archive: ZipArchive,
        _ members: [String: ZipArchive.Member]
    ) throws(FeedError) -> Bool {
        guard let member = members[key(part)] else { return false }
        let bytes = try archive.open(member)
        let xml = try WorkbookXML(delegate, file: file.path, part: part)
        while let piece = try bytes.next() { try xml.read(piece[...]) }
        try xml.read([], isLast: true)
        return true
    }

    private final class RelationList: WorkbookXMLDelegate {
        private(set) var entries: [(id: String, type: String, target: String, isExternal: Bool)] = []

        func begin(_ name: XMLName, _ attributes: XMLAttributes) throws(WorkbookFault) {
            guard name == "Relationship" else { return }
            guard entries.count < mostEntries else { throw WorkbookFault("has too many relations") }
            entries.append(
                (
                    attributes["Id"] ?? "", attributes["Type"] ?? "", attributes["Target"] ?? "",
                    attributes["TargetMode"] == "External"
                ))
        }

        func end(_ name: XMLName) {}
        func text(_ utf8: UnsafeRawBufferPointer) {}
    }

    private final class SheetList: WorkbookXMLDelegate {
        private(set) var entries: [(name: String, relation: String, isHidden: Bool)] = []
        private(set) var countsFrom1904 = false

        func begin(_ name: XMLName, _ attributes: XMLAttributes) throws(WorkbookFault) {
            switch name {
            case "workbookPr": countsFrom1904 = ["1", "true"].contains(attributes["date1904"])
            case "sheet":
                guard entries.count < mostEntries else { throw WorkbookFault("has too many sheets") }
                // The reference is the attribute r:id; sheetId is another one.
                entries.append(
                    (
                        attributes["name"] ?? "", attributes["id"] ?? "",
                        (attributes["state"] ?? "visible") != "visible"
                    ))
            default: break
            }
        }

        func end(_ name: XMLName) {}
        func text(_ utf8: UnsafeRawBufferPointer) {}
    }

    private final class StyleList: WorkbookXMLDelegate {
        private(set) var formats: [NumberFormat] = []
        private var own: [Int: NumberFormat] = [:]
        private var isInCells = false

        func begin(_ name: XMLName, _ attributes: XMLAttributes) throws(WorkbookFault) {
            switch name {
            case "numFmt":
                guard own.count < mostEntries else { throw WorkbookFault("has too many number formats") }
                if let number = attributes["numFmtId"].flatMap({ Int($0) }), let code = attributes["formatCode"] {
                    own[number] = NumberFormat(code: code)
                }
            case "cellXfs": isInCells = true
            case "xf" where isInCells:
                guard formats.count < mostEntries else { throw WorkbookFault("has too many styles") }
                let number = attributes["numFmtId"].flatMap { Int($0) } ?? 0
                formats.append(own[number] ?? NumberFormat(number: number))
            default: break
            }
        }

        func end(_ name: XMLName) { if name == "cellXfs" { isInCells = false } }
        func text(_ utf8: UnsafeRawBufferPointer) {}
    }
}

/// The texts that the cells of a workbook share, one after the other in memory.
final class WorkbookTexts: WorkbookXMLDelegate {
    /// How many bytes the texts may have together.
    static let mostBytes = 256 << 20
    /// How many bytes a cell may have: 32,767 characters, the most that Excel allows, of four bytes.
    static let mostCellBytes = 32_767 * 4

    private var bytes: [UInt8] = []
    private var ends: [Int] = []
    private var isText = false
    private var phoneticDepth = 0

    var count: Int { ends.count }

    /// The text with a number, counted from 0; nil when there is none.
    func text(_ number: Int) -> ArraySlice<UInt8>? {
        guard ends.indices.contains(number) else { return nil }
        return bytes[(number == 0 ? 0 : ends[number - 1])..<ends[number]]
    }

    func begin(_ name: XMLName, _ attributes: XMLAttributes) {
        switch name {
        case "t": isText = phoneticDepth == 0
        // How a Japanese text is spoken is no part of it.
        case "rPh": phoneticDepth += 1
        default: break
        }
    }

    func end(_ name: XMLName) throws(WorkbookFault) {
        switch name {
        case "t": isText = false
        case "rPh": phoneticDepth -= 1
        case "si":
            let start = ends.last ?? 0
            WorkbookTexts.unescape(&bytes, from: start)
            guard ends.count < WorkbookTexts.mostBytes / 16 else { throw Self.tooMuch }
            ends.append(bytes.count)
        default: break
        }
    }

    func text(_ utf8: UnsafeRawBufferPointer) throws(WorkbookFault) {
        guard isText else { return }
        guard bytes.count + utf8.count - (ends.last ?? 0) <= Self.mostCellBytes else { throw Self.cellTooLong }
        guard bytes.count + utf8.count <= Self.mostBytes else { throw Self.tooMuch }
        bytes.append(contentsOf: utf8)
    }

    static let cellTooLong = WorkbookFault("has a text of more than 32,767 characters, which no cell has")

    private static let tooMuch = WorkbookFault(
        "has more than \(mostBytes >> 20) MiB of texts; save the sheet as CSV (UTF-8)")

    /// Replaces `_x000D_` and its like, by which workbooks write characters that XML does not have (22.4.2.4, bstr).
    static func unescape(_ bytes: inout [UInt8], from start: Int) {
        guard bytes.count - start >= 7, bytes[start...].contains(UInt8(ascii: "_")) else { return }
        var target = start
        var index = start
        while index < bytes.count {
            if let unit = escaped(bytes, index) {
                for byte in String(unit).utf8 {
                    bytes[target] = byte
                    target += 1
                }
                index += 7
            } else {
                bytes[target] = bytes[index]
                target += 1
                index += 1
            }
        }
        bytes.removeSubrange(target...)
    }

    /// The character of an escape at an index; nil where there is none, and for half a surrogate pair.
    private static func escaped(_ bytes: [UInt8], _ index: Int) -> Unicode.Scalar? {
        guard bytes[index] == UInt8(ascii: "_"), index + 7 <= bytes.count, bytes[index + 1] == UInt8(ascii: "x"),
            bytes[index + 6] == UInt8(ascii: "_")
        else { return nil }
        var value: UInt32 = 0
        for byte in bytes[index + 2..<index + 6] {
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { return nil }
            value = value << 4 | UInt32(digit)
        }
        return Unicode.Scalar(value)
    }
}
