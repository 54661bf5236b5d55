import CSV

/// A record of a JSON file with the values of its columns.
struct JSONRecord {
    private enum Value {
        case blank
        /// A text as it is in the bytes.
        case text(Range<Int>)
        /// A string with its escapes and without its quotes.
        case string(Range<Int>)
    }

    /// The bytes of the file, or those of the record alone if words were taken out that are no JSON.
    private let bytes: [UInt8]
    private let isCopy: Bool
    private var values: [Value]
    /// Why the record has no point; nil when it has one, or its columns are no geometry.
    private(set) var geometry: Rejection?

    /// - Throws: `Rejection` when the text is no JSON object, or no array if it is a row.
    init(_ bytes: [UInt8], _ range: Range<Int>, _ columns: JSONColumns, isRow: Bool) throws(Rejection) {
        let words = try Self.check(bytes.span.extracting(range), isRow: isRow)
        isCopy = !words.isEmpty
        self.bytes = isCopy ? Self.nulls(words, in: bytes[range]) : bytes
        values = [Value](repeating: .blank, count: columns.names.count)
        let start = isCopy ? 0 : range.lowerBound
        var walk = JSONWalk(bytes: self.bytes, index: start)
        Self.collect(&walk, columns.root, &values)
        if let point = columns.point, !isNumber(values[point.x]) || !isNumber(values[point.y]) {
            findPoint(JSONWalk(bytes: self.bytes, index: start), point)
        }
    }

    /// Adds the record to a batch whose bytes begin with those of the file.
    func add(to batch: inout RecordBatch, line: Int64, range: Range<Int>) {
        let shift = isCopy ? batch.bytes.count : 0
        if isCopy { batch.bytes += bytes }
        let first = batch.fields.count
        for value in values {
            switch value {
            case .blank: batch.fields.append(CSVField(0..<0, isEscaped: false))
            case .text(let range):
                batch.fields.append(CSVField(range.lowerBound + shift..<range.upperBound + shift, isEscaped: false))
            case .string(let range):
                let start = batch.bytes.count
                JSONText.appendUnescaped(bytes[range], to: &batch.bytes)
                batch.fields.append(CSVField(start..<batch.bytes.count, isEscaped: false))
            }
        }
        batch.records.append(
            CSVRecord(line: line, range: range, fields: first..<batch.fields.count, fault: nil))
    }

    private static func check(_ text: Span<UInt8>, isRow: Bool) throws(Rejection) -> [Range<Int>] {
        guard RawText.isPlainASCII(text) || RawText.isUTF8(text) else {
            throw Rejection(.badUTF8, "the record is not UTF-8: \(RawText.quoted(text))")
        }
        do {
            return try JSONObject.checkRecord(text, isRow: isRow)
        } catch {
            throw Rejection(.badJSON, "the record \(error.problem): \(RawText.quoted(text))")
        }
    }

    /// The text with null in place of some words.
    private static func nulls(_ words: [Range<Int>], in text: ArraySlice<UInt8>) -> [UInt8] {
        var copy: [UInt8] = []
        var start = text.startIndex
        for word in words {
            copy += text[start..<text.startIndex + word.lowerBound]
            copy += Array("null".utf8)
            start = text.startIndex + word.upperBound
        }
        return copy + text[start...]
    }

    private static func collect(_ walk: inout JSONWalk, _ node: JSONColumnNode, _ values: inout [Value]) {
        let kind = walk.kind
        guard !node.children.isEmpty, kind == .object || kind == .array else {
            let range = walk.skip()
            if let column = node.column { values[column] = value(range, kind, walk.bytes) }
            return
        }
        let start = walk.index
        var hint = 0
        walk.enter()
        if kind == .object {
            while let name = walk.nextMember() {
                if let child = node.child(walk.bytes[name], hint: &hint) {
                    collect(&walk, node.children[child].node, &values)
                } else {
                    walk.skip()
                }
            }
        } else {
            var position = 0
            while walk.nextElement() {
                if let child = node.child(Array(String(position).utf8)[...], hint: &hint) {
                    collect(&walk, node.children[child].node, &values)
                } else {
                    walk.skip()
                }
                position += 1
            }
        }
        if let column = node.column { values[column] = .text(start..<walk.index) }
    }

    private static func value(_ range: Range<Int>, _ kind: JSONWalk.Kind, _ bytes: [UInt8]) -> Value {
        switch kind {
        case .null: return .blank
        case .string:
            let inner = range.lowerBound + 1..<range.upperBound - 1
            return bytes[inner].contains(UInt8(ascii: "\\")) ? .string(inner) : .text(inner)
        case .object, .array, .other: return .text(range)
        }
    }

    // MARK: Geometry

    /// Whether a value begins like a number, so that it is left to the decoder.
    private func isNumber(_ value: Value) -> Bool {
        guard case .text(let range) = value, let first = bytes[range].first else { return false }
        return first &- UInt8(ascii: "0") < 10 || first == UInt8(ascii: "-") || first == UInt8(ascii: "+")
    }

    /// Takes the only point of a MultiPoint, and says of any other geometry what it is.
    private mutating func findPoint(_ record: JSONWalk, _ point: (x: Int, y: Int)) {
        guard let found = Self.member("geometry", of: record) else { return }
        guard found.kind == .object else {
            geometry = Rejection(.missingValue, "the feature has no geometry")
            return
        }
        var type = "value without a type"
        if var name = Self.member("type", of: found), name.kind == .string {
            let range = name.skip()
            type = String(decoding: bytes[range.lowerBound + 1..<range.upperBound - 1].prefix(40), as: UTF8.self)
        }
        let positions = Self.member("coordinates", of: found).map { Self.elements(of: $0) } ?? []
        switch type {
        case "Point":
            if positions.isEmpty { geometry = Rejection(.missingValue, "the Point has no coordinates") }
        case "MultiPoint" where positions.isEmpty:
            geometry = Rejection(.missingValue, "the MultiPoint has no points")
        case "MultiPoint" where positions.count == 1:
            let numbers = Self.elements(of: positions[0])
            for (column, number) in zip([point.x, point.y], numbers) {
                var walk = number
                let kind = walk.kind
                values[column] = Self.value(walk.skip(), kind, bytes)
            }
        case "MultiPoint":
            geometry = Rejection(.notAPoint, "the geometry is a MultiPoint of \(positions.count) points, not of one")
        default:
            geometry = Rejection(.notAPoint, "the geometry is a \(type), not a Point")
        }
    }

    private static func member(_ name: StaticString, of object: JSONWalk) -> JSONWalk? {
        guard object.kind == .object else { return nil }
        var walk = object
        let wanted = UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)
        walk.enter()
        while let found = walk.nextMember() {
            if walk.bytes[found].elementsEqual(wanted) { return walk }
            walk.skip()
        }
        return nil
    }

    private static func elements(of array: JSONWalk) -> [JSONWalk] {
        guard array.kind == .array else { return [] }
        var walk = array
        var elements: [JSONWalk] = []
        walk.enter()
        while walk.nextElement() {
            elements.append(walk)
            walk.skip()
        }
        return elements
    }
}
