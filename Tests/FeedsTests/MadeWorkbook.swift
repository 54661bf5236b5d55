/// A small Excel workbook, made of the XML of its sheets (ECMA-376).
struct MadeWorkbook {
    /// The names of the sheets, and the XML of their rows.
    var sheets: [(name: String, rows: String)]
    var texts: [String] = []
    var hidden: Set<String> = []
    /// Attributes of `workbookPr`, such as `date1904="1"`.
    var properties = ""
    /// The XML of the styles; the default has plain numbers (0), dates (1), dates with a time (2) and times (3).
    var styles = """
        <numFmts><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd hh:mm"/></numFmts>
        <cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="20"/></cellXfs>
        """
    /// Parts in place of those that would be made.
    var parts: [String: String] = [:]

    init(_ rows: String, texts: [String] = []) {
        sheets = [("Events", rows)]
        self.texts = texts
    }

    var bytes: [UInt8] {
        let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
        let kinds = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
        let list = "http://schemas.openxmlformats.org/package/2006/relationships"
        func relation(_ id: String, _ kind: String, _ target: String) -> String {
            "<Relationship Id=\"\(id)\" Type=\"\(kinds)/\(kind)\" Target=\"\(target)\"/>"
        }
        var made = [
            "[Content_Types].xml": "<Types/>",
            "_rels/.rels": "<Relationships xmlns=\"\(list)\">\(relation("a", "officeDocument", "xl/workbook.xml"))"
                + "</Relationships>",
            "xl/workbook.xml": "<workbook xmlns=\"\(main)\" xmlns:r=\"\(kinds)\"><workbookPr \(properties)/><sheets>"
                + sheets.enumerated().map { index, sheet in
                    "<sheet name=\"\(sheet.name)\" sheetId=\"\(index + 7)\" r:id=\"s\(index)\""
                        + (hidden.contains(sheet.name) ? " state=\"hidden\"" : "") + "/>"
                }.joined() + "</sheets></workbook>",
            "xl/_rels/workbook.xml.rels": "<Relationships xmlns=\"\(list)\">"
                + sheets.indices.map { relation("s\($0)", "worksheet", "worksheets/sheet\($0).xml") }.joined()
                + relation("x", "styles", "/xl/styles.xml") + relation("y", "sharedStrings", "sharedStrings.xml")
                + "</Relationships>",
            "xl/styles.xml": "<styleSheet xmlns=\"\(main)\">\(styles)</styleSheet>",
            "xl/sharedStrings.xml": "<sst xmlns=\"\(main)\">" + texts.map { "<si>\($0)</si>" }.joined() + "</sst>",
        ]
        for (index, sheet) in sheets.enumerated() {
            made["xl/worksheets/sheet\(index).xml"] =
                "<worksheet xmlns=\"\(main)\"><sheetData>\(sheet.rows)</sheetData></worksheet>"
        }
        made.merge(parts) { $1 }
        return StoredZip.bytes(made.sorted { $0.key < $1.key }.map { (name: $0.key, text: $0.value) })
    }

    /// A row of texts that stand in their cells.
    static func row(_ texts: [String], _ number: Int? = nil) -> String {
        let cells = texts.map { "<c t=\"inlineStr\"><is><t xml:space=\"preserve\">\($0)</t></is></c>" }
        return "<row\(number.map { " r=\"\($0)\"" } ?? "")>\(cells.joined())</row>"
    }
}
