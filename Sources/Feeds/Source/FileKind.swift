/// Names kinds of file that are no files of events, by their first bytes.
enum FileKind {
    /// The name of a kind, and advice to whoever has such a file.
    struct Name: Equatable {
        let kind: String
        let advice: String
    }

    private static let saveAsCSV = "save it as CSV (UTF-8) in the program that made it"
    private static let giveEvents = "give the file with the events"
    private static let byGDAL = "convert it, for example: ogr2ogr -f GeoJSONSeq -t_srs EPSG:4326 events.geojsonl FILE"

    /// A kind that is known by a mark at the start of the file, or at an offset.
    private struct Mark {
        let offset: Int
        let bytes: [UInt8]
        let name: Name
        /// Whether text could begin with the mark, so that a control character has to follow.
        let isWord: Bool

        // Each has a name of its own, so that the list below needs no choice among initializers.

        static func magic(_ bytes: [UInt8], at offset: Int = 0, _ kind: String, _ advice: String) -> Mark {
            Mark(offset: offset, bytes: bytes, name: Name(kind: kind, advice: advice), isWord: false)
        }

        /// A mark with which no text begins.
        static func text(_ text: String, at offset: Int = 0, _ kind: String, _ advice: String) -> Mark {
            magic(Array(text.utf8), at: offset, kind, advice)
        }

        static func word(_ word: String, at offset: Int = 0, _ kind: String, _ advice: String) -> Mark {
            Mark(offset: offset, bytes: Array(word.utf8), name: Name(kind: kind, advice: advice), isWord: true)
        }

        /// The mark of a kind of compression.
        static func packed(_ start: [UInt8], at offset: Int = 0, by packer: String, _ tool: String) -> Mark {
            magic(
                start, at: offset, "compressed with \(packer), which cannot be read (gzip and zip can)",
                "unpack it first: \(tool)")
        }

        func isMark(of start: [UInt8]) -> Bool {
            start.dropFirst(offset).starts(with: bytes) && (!isWord || start.prefix(64).contains { $0 < 0x09 })
        }
    }

    private static let marks: [Mark] = [
        .packed([0x31, 0x41, 0x59, 0x26, 0x53, 0x59], at: 4, by: "bzip2", "bunzip2"),
        .packed([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00], by: "xz", "unxz"),
        .packed([0x28, 0xB5, 0x2F, 0xFD], by: "zstd", "unzstd"),
        .packed([0x04, 0x22, 0x4D, 0x18], by: "LZ4", "unlz4"),
        .packed([0x1F, 0x9D], by: "compress", "uncompress"),
        .packed([0x4C, 0x5A, 0x49, 0x50, 0x01], by: "lzip", "lunzip"),
        .packed([0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C], by: "7-Zip", "7z x"),
        .packed([0x52, 0x61, 0x72, 0x21, 0x1A], by: "RAR", "unrar x"),
        .text("ustar", at: 257, "a tar archive", "unpack it first: tar xf"),
        .magic([0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1], "an Excel workbook (XLS)", saveAsCSV),
        .magic([0x09, 0x08, 0x10, 0x00], "an Excel workbook (XLS)", saveAsCSV),
        .word("PAR1", "Parquet", "write it as CSV, for example with DuckDB or pandas"),
        .word("ARROW1", "Arrow (Feather)", "write it as CSV, for example with pandas"),
        .word("FEA1", "Feather", "write it as CSV, for example with pandas"),
        .word("Obj\u{1}", "Avro", "write it as CSV or NDJSON"),
        .magic([0x89, 0x48, 0x44, 0x46], "HDF5 or NetCDF", "write its table as CSV"),
        .word("CDF", "NetCDF", "write its table as CSV"),
        .text("%PDF-", "PDF", "ask for the data as CSV or GeoJSON"),
        .text("{\\rtf", "a text document (RTF)", saveAsCSV),
        .text("fgb\u{3}fgb", "FlatGeobuf", byGDAL),
        .magic([0x00, 0x00, 0x27, 0x0A], "the SHP or SHX part of a shapefile", byGDAL),
        .word("Standard Jet DB", at: 4, "an Access database", saveAsCSV),
        .word("Standard ACE DB", at: 4, "an Access database", saveAsCSV),
        .word("$FL2", "an SPSS file", saveAsCSV),
        .text("<stata_dta>", "a Stata file", saveAsCSV),
        .text("RDX2\n", "an R workspace", "write its table by write.csv"),
        .text("RDX3\n", "an R workspace", "write its table by write.csv"),
        .magic([0x89, 0x50, 0x4E, 0x47], "an image", giveEvents),
        .magic([0xFF, 0xD8, 0xFF], "an image", giveEvents), .word("GIF8", "an image", giveEvents),
        .magic([0x7F, 0x45, 0x4C, 0x46], "a program", giveEvents),
        .text(
            "version https://git-lfs", "a Git LFS pointer and not the file itself",
            "fetch the file: git lfs pull"),
    ]

    /// The kind of a file; nil when it may be text, gzip or zip.
    static func named(_ start: [UInt8]) -> Name? {
        if isGeoPackage(start) {
            return Name(kind: "a GeoPackage that is packed once more", advice: "unpack it first")
        }
        if start.starts(with: "SQLite format 3\u{0}".utf8) {
            return Name(kind: "an SQLite database", advice: "write its table as CSV: sqlite3 -csv -header")
        }
        if let known = marks.first(where: { $0.isMark(of: start) }) { return known.name }
        return isDBF(start) ? Name(kind: "the DBF part of a shapefile", advice: byGDAL) : nil
    }

    /// Whether the bytes are the head of a GeoPackage: an SQLite database with its application id (OGC 12-128).
    static func isGeoPackage(_ start: [UInt8]) -> Bool {
        start.count > 71 && start.starts(with: "SQLite format 3\u{0}".utf8)
            && ["GPKG", "GP10", "GP11"].contains(String(decoding: start[68..<72], as: UTF8.self))
    }

    /// Whether a zip archive is an Excel workbook (Office Open XML), by the names in it.
    static func isWorkbook(members: [String]) -> Bool {
        members.contains("[Content_Types].xml") && members.contains { $0.lowercased().hasPrefix("xl/") }
    }

    /// Whether the bytes are the head of a dBASE table: its version, a date, and its own length of 32 for each field.
    private static func isDBF(_ start: [UInt8]) -> Bool {
        guard start.count >= 32, [0x03, 0x30, 0x83, 0x8B].contains(start[0]), (1...12).contains(start[2]),
            (1...31).contains(start[3])
        else { return false }
        let length = Int(start[8]) | Int(start[9]) << 8
        return length >= 65 && (length - 33) % 32 == 0 || start[0] == 0x30 && (length - 296) % 32 == 0
    }

    /// The kind of a text that is no text of events: a page, or other XML.
    static func named(text: [UInt8]) -> Name? {
        let start = String(decoding: text.prefix(4096), as: UTF8.self).drop { $0.isWhitespace || $0 == "\u{FEFF}" }
        guard start.hasPrefix("<") else { return nil }
        let lower = start.lowercased()
        func has(_ marks: String...) -> Bool { marks.contains { lower.contains($0) } }
        if lower.hasPrefix("<!doctype html") || lower.hasPrefix("<html") || has("<html", "<head>", "<body") {
            return Name(
                kind: "an HTML page",
                advice: "its server may have sent an error or a page to sign in: look at it and fetch the file itself")
        }
        if has("<kml") { return Name(kind: "KML", advice: byGDAL) }
        if has("<gpx") { return Name(kind: "GPX", advice: byGDAL) }
        if has("urn:schemas-microsoft-com:office:spreadsheet") {
            return Name(kind: "an Excel workbook (XML)", advice: saveAsCSV)
        }
        if has("exceptionreport") || lower.hasPrefix("<error") || lower.hasPrefix("<?xml") && has("<error") {
            return Name(kind: "an error message in XML", advice: "look at it and fetch the file itself")
        }
        if has("opengis.net/gml") { return Name(kind: "GML", advice: byGDAL) }
        if has("<rss", "<feed") { return Name(kind: "a news feed (RSS or Atom)", advice: "ask for CSV or GeoJSON") }
        guard lower.hasPrefix("<?xml") || lower.hasPrefix("<!doctype") else { return nil }
        return Name(kind: "XML", advice: "ask for CSV, JSON or GeoJSON")
    }

    /// The kind of a zip archive that is no archive of files with events, by the names in it.
    static func named(members: [String]) -> Name? {
        func has(_ name: String) -> Bool { members.contains { $0 == name || $0.hasPrefix(name + "/") } }
        if has("[Content_Types].xml") {
            if has("xl") { return Name(kind: "an Excel workbook (XLSX)", advice: saveAsCSV) }
            if has("word") { return Name(kind: "a Word document", advice: saveAsCSV) }
            return Name(kind: "an Office document", advice: saveAsCSV)
        }
        if has("META-INF"), has("content.xml") {
            return Name(kind: "an OpenDocument file, such as ODS", advice: saveAsCSV)
        }
        if has("doc.kml") { return Name(kind: "KMZ", advice: byGDAL) }
        return nil
    }

    /// The kind of a file in an archive that cannot be read there, by the end of its name.
    static func named(ending name: String) -> String? {
        let kinds: [String: String] = [
            "zip": "an archive of its own", "gz": "compressed once more", "tgz": "an archive of its own",
            "tar": "an archive of its own", "7z": "an archive of its own", "rar": "an archive of its own",
            "xz": "compressed once more", "bz2": "compressed once more", "zst": "compressed once more",
            "xlsx": "an Excel workbook", "xlsm": "an Excel workbook", "xls": "an Excel workbook",
            "ods": "a spreadsheet",
            "gpkg": "a GeoPackage", "shp": "a shapefile", "dbf": "a part of a shapefile",
            "shx": "a part of a shapefile",
            "kml": "KML", "kmz": "KMZ", "gml": "GML", "gpx": "GPX", "parquet": "Parquet", "fgb": "FlatGeobuf",
            "pdf": "PDF", "mdb": "an Access database", "accdb": "an Access database", "sqlite": "an SQLite database",
            "db": "a database", "gdb": "a geodatabase", "sav": "an SPSS file", "rds": "an R file",
        ]
        guard let point = name.lastIndex(of: ".") else { return nil }
        return kinds[name[name.index(after: point)...].lowercased()]
    }
}
