/// The place of the records in a JSON file.
struct JSONLayout: Sendable, Equatable {
    /// Whether each line is a record.
    var isLines = false
    /// The names of the members that lead from the outermost object to the array of records; empty where records are
    /// outermost values, or elements of outermost arrays.
    var path: [[UInt8]] = []
    /// Whether the mapping states the path. Otherwise objects without the array are records themselves.
    var isPathStated = false
    /// The columns of records that are arrays; nil where records are objects.
    var rows: Rows?

    struct Rows: Sendable, Equatable {
        /// The names of the columns; empty where they are numbered only.
        var names: [String] = []
        /// Other names of the same columns.
        var otherNames: [String] = []
        /// The first row, if the names are in it. It is no record.
        var header: [UInt8] = []
        /// How many arrays are around a row outside of a path.
        var depth = 1
    }

    init(isLines: Bool = false, path: [[UInt8]] = [], isPathStated: Bool = false, rows: Rows? = nil) {
        self.isLines = isLines
        self.path = path
        self.isPathStated = isPathStated
        self.rows = rows
    }

    /// The path as a mapping writes it.
    var pathText: String { path.map { String(decoding: $0, as: UTF8.self) }.joined(separator: ".") }

    /// Findings, in sentences.
    var findings: [String] {
        var findings: [String] = []
        if !path.isEmpty, !isPathStated, pathText != "features" {
            findings.append("The records are the elements of \(pathText).")
        }
        if let rows {
            if !rows.header.isEmpty {
                findings.append("The records are arrays; the first one names the columns.")
            } else if rows.names.isEmpty {
                findings.append("The records are arrays without names, whose columns are 0, 1 and so on.")
            } else {
                findings.append("The records are arrays; the file names their columns elsewhere.")
            }
        }
        return findings
    }
}

/// Finds out where the records of a JSON file are, from its first bytes.
struct JSONLayoutSearch {
    /// The members that other programs keep records in: GeoJSON and Esri; CKAN and OpenDataSoft; Socrata; OData; and
    /// what many services call them.
    private static let arrays: Set<String> = [
        "features", "records", "results", "result", "data", "value", "items", "rows", "events", "entries",
    ]
    /// The members around these.
    private static let parents: Set<String> = ["result", "results", "data", "response", "payload", "d"]
    /// The members with the names of columns beside an array of arrays.
    private static let columns = ["fields", "columns", "header", "headers", "meta"]

    private let bytes: [UInt8]
    /// Whether these are all bytes of the file.
    private let isWhole: Bool
    private let stated: [[UInt8]]?
    private let wanted: [String]

    /// - Parameters:
    ///   - path: The path to the records that the mapping states.
    ///   - wanted: The columns that the mapping needs.
    init(_ bytes: [UInt8], isWhole: Bool, path: [String]?, wanted: [String]) {
        self.bytes = bytes
        self.isWhole = isWhole
        stated = path.map { $0.map { Array($0.utf8) } }
        self.wanted = wanted.map { $0.lowercased() }
    }

    /// Whether text is JSON rather than delimited text, by its first characters.
    static func isJSON(_ bytes: [UInt8]) -> Bool {
        let start = JSONSpace.skip(bytes, JSONSpace.skipMark(bytes))
        guard start < bytes.count, bytes[start] == UInt8(ascii: "{") || bytes[start] == UInt8(ascii: "[") else {
            return false
        }
        let next = JSONSpace.skip(bytes, start + 1)
        guard next < bytes.count else { return true }
        if bytes[next] == UInt8(ascii: "\"") { return true }
        if bytes[start] == UInt8(ascii: "{") { return bytes[next] == UInt8(ascii: "}") }
        // The brackets may be those of a column's name.
        switch bytes[next] {
        case UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "-"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            return true
        default: return ["true", "false", "null"].contains { bytes[next...].starts(with: $0.utf8) }
        }
    }

    /// The layout; nil when more bytes are needed to tell.
    ///
    /// - Parameter isLines: Whether it is known that each line is a record.
    func layout(isLines: Bool?) -> JSONLayout? {
        let layout = JSONLayout(isLines: isLines ?? false, path: stated ?? [], isPathStated: stated != nil)
        guard !layout.isLines else { return layout }
        let start = JSONSpace.skip(bytes, JSONSpace.skipMark(bytes))
        guard start < bytes.count else { return isWhole ? layout : nil }
        guard bytes[start] == UInt8(ascii: "[") else { return objects(at: start, isLines: isLines, layout) }
        let first = JSONSpace.skip(bytes, start + 1)
        guard first < bytes.count else { return isWhole ? layout : nil }
        switch bytes[first] {
        case UInt8(ascii: "{"): return objects(at: first, isLines: false, layout)
        case UInt8(ascii: "["): return rows(at: first, depth: 1, layout)
        case UInt8(ascii: "]"): return layout
        default: return rows(at: start, depth: 0, layout)
        }
    }

    private func rows(at start: Int, depth: Int, _ layout: JSONLayout) -> JSONLayout? {
        guard let end = JSONNesting.end(of: bytes, from: start) else { return isWhole ? layout : nil }
        var layout = layout
        layout.rows = header(start..<end)
        layout.rows?.depth = depth
        return layout
    }

    /// The names in the first row, if all of its values are texts.
    private func header(_ row: Range<Int>) -> JSONLayout.Rows {
        guard let names = strings(row), !names.isEmpty, Set(names).count == names.count else {
            return JSONLayout.Rows()
        }
        return JSONLayout.Rows(names: names, header: Array(bytes[row]))
    }

    private func objects(at start: Int, isLines: Bool?, _ layout: JSONLayout) -> JSONLayout? {
        var layout = layout
        guard let object = JSONMemberList(bytes, at: start) else { return layout }
        let found = stated ?? path(in: object)
        guard isWhole || object.end != nil || object.isBroken || found != nil else { return nil }
        layout.path = found ?? []
        if layout.path.isEmpty {
            if isLines == nil { layout.isLines = isLine(start, object) }
            return layout
        }
        guard let array = find(layout.path[...], in: object) else { return isWhole || object.end != nil ? layout : nil }
        let first = JSONSpace.skip(bytes, array + 1)
        guard first < bytes.count else { return isWhole ? layout : nil }
        guard bytes[first] == UInt8(ascii: "[") else { return layout }
        layout.rows = names(in: object) ?? names(around: layout.path, in: object)
        if layout.rows == nil {
            guard let end = JSONNesting.end(of: bytes, from: first) else { return isWhole ? layout : nil }
            layout.rows = header(first..<end)
        }
        return layout
    }

    /// Whether the object stands on a line of its own, as in NDJSON.
    private func isLine(_ start: Int, _ object: JSONMemberList) -> Bool {
        guard let end = object.end, bytes[..<start].last != JSONSpace.recordSeparator,
            !bytes[start..<end].contains(UInt8(ascii: "\n"))
        else { return false }
        let after = bytes[end...].first { $0 != 0x20 && $0 != 0x09 && $0 != 0x0D }
        return after == nil || after == UInt8(ascii: "\n")
    }

    /// The path to the array of records in an object that is a wrapper and no record itself.
    private func path(in object: JSONMemberList) -> [[UInt8]]? {
        let names = Set(object.members.map { text($0.name).lowercased() })
        if names.contains("properties") || names.contains("geometry") { return nil }
        let isRecord = !wanted.isEmpty && wanted.allSatisfy { names.contains(String($0.prefix { $0 != "." })) }
        guard !isRecord || object.end == nil else { return nil }
        var empty: [[UInt8]]?
        for member in object.members {
            if Self.arrays.contains(text(member.name)), let kind = kind(at: member.start) {
                if kind == .records { return [member.name] }
                empty = empty ?? [member.name]
            }
            guard Self.parents.contains(text(member.name)), let inner = JSONMemberList(bytes, at: member.start) else {
                continue
            }
            for other in inner.members where Self.arrays.contains(text(other.name)) {
                guard let kind = kind(at: other.start) else { continue }
                if kind == .records { return [member.name, other.name] }
                empty = empty ?? [member.name, other.name]
            }
        }
        return empty
    }

    private enum ArrayKind {
        case records, empty
    }

    /// The kind of array at an index; nil when it is none, or has other elements than objects and arrays.
    private func kind(at index: Int) -> ArrayKind? {
        guard index < bytes.count, bytes[index] == UInt8(ascii: "[") else { return nil }
        let first = JSONSpace.skip(bytes, index + 1)
        guard first < bytes.count else { return nil }
        switch bytes[first] {
        case UInt8(ascii: "{"), UInt8(ascii: "["): return .records
        case UInt8(ascii: "]"): return .empty
        default: return nil
        }
    }

    /// The index of the array at the end of a path.
    private func find(_ path: ArraySlice<[UInt8]>, in object: JSONMemberList) -> Int? {
        for member in object.members where member.name == path.first {
            if path.count == 1 {
                if bytes[member.start] == UInt8(ascii: "[") { return member.start }
            } else if let inner = JSONMemberList(bytes, at: member.start),
                let found = find(path.dropFirst(), in: inner)
            {
                return found
            }
        }
        return nil
    }

    /// The names of Socrata's columns, which are in `meta.view.columns`.
    private func names(in object: JSONMemberList) -> JSONLayout.Rows? {
        let path = ["meta", "view", "columns"].map { Array($0.utf8) }
        return find(path[...], in: object).flatMap { names(at: $0) }
    }

    /// The names in a member beside the array, as in CKAN's dumps.
    private func names(around path: [[UInt8]], in object: JSONMemberList) -> JSONLayout.Rows? {
        for key in Self.columns {
            let place = path.dropLast() + [Array(key.utf8)]
            if let rows = find(place[...], in: object).flatMap({ names(at: $0) }) { return rows }
        }
        return nil
    }

    /// The names in an array of texts, or of objects with a name.
    private func names(at start: Int) -> JSONLayout.Rows? {
        guard let end = JSONNesting.end(of: bytes, from: start) else { return nil }
        if let names = strings(start..<end) { return names.isEmpty ? nil : JSONLayout.Rows(names: names) }
        var rows = JSONLayout.Rows()
        for element in elements(start..<end) {
            guard let object = JSONMemberList(bytes, at: element.lowerBound) else { return nil }
            var texts: [String: String] = [:]
            for member in object.members where texts[text(member.name)] == nil {
                texts[text(member.name)] = string(member.start)
            }
            guard let name = texts["name"] ?? texts["id"] ?? texts["fieldName"] ?? texts["key"] else { return nil }
            rows.names.append(name)
            rows.otherNames.append(texts["fieldName"] ?? texts["id"] ?? name)
        }
        return rows.names.isEmpty ? nil : rows
    }

    private func strings(_ array: Range<Int>) -> [String]? {
        var strings: [String] = []
        for element in elements(array) {
            guard let text = string(element.lowerBound) else { return nil }
            strings.append(text)
        }
        return strings
    }

    private func elements(_ array: Range<Int>) -> [Range<Int>] {
        var elements: [Range<Int>] = []
        var index = JSONSpace.skip(bytes, array.lowerBound + 1)
        while index < array.upperBound - 1, let end = JSONNesting.end(of: bytes, from: index), end > index {
            elements.append(index..<end)
            index = JSONSpace.skip(bytes, end)
            if index < bytes.count, bytes[index] == UInt8(ascii: ",") { index = JSONSpace.skip(bytes, index + 1) }
        }
        return elements
    }

    /// The text of the string at an index.
    private func string(_ start: Int) -> String? {
        guard start < bytes.count, bytes[start] == UInt8(ascii: "\""),
            let end = JSONNesting.end(of: bytes, from: start), end >= start + 2
        else { return nil }
        let quoted = Array(bytes[start..<end])
        guard (try? JSONObject.check((Array("{\"\":".utf8) + quoted + [UInt8(ascii: "}")]).span)) != nil else {
            return nil
        }
        var text: [UInt8] = []
        JSONText.appendUnescaped(quoted[1..<quoted.count - 1], to: &text)
        return String(validating: text, as: UTF8.self)
    }

    private func text(_ name: [UInt8]) -> String { String(decoding: name, as: UTF8.self) }
}

/// The members of an object whose text may end within it.
struct JSONMemberList {
    private(set) var members: [(name: [UInt8], start: Int)] = []
    /// The index after the object; nil when the bytes end before.
    private(set) var end: Int?
    /// Whether the text is no JSON.
    private(set) var isBroken = false

    /// - Returns: nil when there is no object at the index.
    init?(_ bytes: [UInt8], at start: Int) {
        guard start < bytes.count, bytes[start] == UInt8(ascii: "{") else { return nil }
        var index = JSONSpace.skip(bytes, start + 1)
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "}") {
                end = index + 1
                return
            }
            guard bytes[index] == UInt8(ascii: "\"") else { break }
            guard let nameEnd = JSONNesting.end(of: bytes, from: index) else { return }
            let colon = JSONSpace.skip(bytes, nameEnd)
            guard colon < bytes.count else { return }
            guard bytes[colon] == UInt8(ascii: ":") else { break }
            let value = JSONSpace.skip(bytes, colon + 1)
            guard value < bytes.count else { return }
            members.append((Array(bytes[index + 1..<nameEnd - 1]), value))
            guard let valueEnd = JSONNesting.end(of: bytes, from: value) else { return }
            index = JSONSpace.skip(bytes, valueEnd)
            if index < bytes.count, bytes[index] == UInt8(ascii: ",") { index = JSONSpace.skip(bytes, index + 1) }
        }
        isBroken = index < bytes.count
    }
}
