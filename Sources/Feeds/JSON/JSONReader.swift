import CSV

/// Reads JSON objects as records with one column for each requested member.
///
/// A string becomes its unescaped text, a number or a word its text, null is blank, and an object or array its JSON.
struct JSONReader {
    enum Layout {
        /// One object per line (NDJSON).
        case lines
        /// An array of objects, or a GeoJSON FeatureCollection.
        case document
    }

    static let maximumRecordBytes = 1 << 20

    private enum Phase {
        case start, records, end
    }

    private let layout: Layout
    private let columns: JSONColumns
    private var phase: Phase
    private var carry: [UInt8] = []
    /// The nesting of the record at the start of `carry`.
    private var nesting = JSONNesting()
    private var scanned = 0
    /// Whether a record longer than the limit is being skipped.
    private var isSkipping = false
    private var line: Int64 = 1
    /// The faults of records that could not be read, by their index.
    private(set) var problems: [Int: Rejection] = [:]

    init(_ layout: Layout, columns: JSONColumns) {
        self.layout = layout
        self.columns = columns
        phase = layout == .lines ? .records : .start
    }

    /// Whether the array of a document was found. Without one there are no records.
    var foundRecords: Bool { phase != .start }

    mutating func read(_ piece: [UInt8], into batch: inout RecordBatch) { fill(&batch, with: piece, isLast: false) }

    mutating func finish(into batch: inout RecordBatch) { fill(&batch, with: [], isLast: true) }

    private mutating func fill(_ batch: inout RecordBatch, with piece: [UInt8], isLast: Bool) {
        batch.removeAll()
        problems.removeAll(keepingCapacity: true)
        let bytes = carry + piece
        batch.bytes = bytes
        var start = 0
        if phase == .start {
            guard case .found(let index) = JSONDocumentStart(bytes) else {
                carry = bytes
                return
            }
            line += Self.lines(bytes[..<index])
            start = index
            phase = .records
        }
        while phase == .records, readRecord(bytes, &start, isLast: isLast, into: &batch) {}
        if isLast, phase == .records, layout == .document {
            reject(start..<bytes.count, Rejection(.truncated, "the file ends before its array of records does"), &batch)
        }
        carry = phase == .end ? [] : Array(bytes[start...])
    }

    /// Reads the record at `start`; false when the bytes end within it or there is none.
    private mutating func readRecord(
        _ bytes: [UInt8], _ start: inout Int, isLast: Bool, into batch: inout RecordBatch
    ) -> Bool {
        if scanned == 0, !isSkipping {
            let next = Self.skipSeparators(bytes, start, layout)
            line += Self.lines(bytes[start..<next])
            start = next
            if layout == .document, start < bytes.count, bytes[start] == UInt8(ascii: "]") { phase = .end }
        }
        guard start < bytes.count, phase == .records else { return false }
        guard let end = recordEnd(bytes, from: start + scanned, isLast: isLast) else {
            scanned = bytes.count - start
            if isSkipping || scanned > Self.maximumRecordBytes {
                if !isSkipping { giveUp(start, &batch) }
                isSkipping = true
                line += Self.lines(bytes[start...])
                start = bytes.count
                scanned = 0
            }
            return false
        }
        // A closing bracket without an opening one counts as a record, otherwise it would be found again and again.
        let range = start..<max(end, start + 1)
        if !isSkipping {
            if range.count > Self.maximumRecordBytes {
                giveUp(start, &batch)
            } else {
                add(range, of: bytes, to: &batch)
            }
        }
        line += Self.lines(bytes[range])
        start = range.upperBound
        scanned = 0
        nesting = JSONNesting()
        isSkipping = false
        return true
    }

    private mutating func recordEnd(_ bytes: [UInt8], from: Int, isLast: Bool) -> Int? {
        if layout == .lines {
            let end = bytes[from...].firstIndex(of: UInt8(ascii: "\n"))
            return end ?? (isLast ? bytes.count : nil)
        }
        var index = from
        return nesting.end(of: bytes, from: &index)
    }

    private mutating func giveUp(_ start: Int, _ batch: inout RecordBatch) {
        reject(
            start..<start + Self.maximumRecordBytes,
            Rejection(.recordTooLong, "the record that starts on this line is longer than the limit"), &batch)
    }

    private mutating func reject(_ range: Range<Int>, _ rejection: Rejection, _ batch: inout RecordBatch) {
        problems[batch.records.count] = rejection
        let fields = batch.fields.count..<batch.fields.count
        batch.records.append(CSVRecord(line: line, range: range, fields: fields, fault: nil))
    }

    /// - Parameter bytes: The bytes that those of the record batch begin with, kept apart because fields are appended
    ///   to them.
    private mutating func add(_ range: Range<Int>, of bytes: [UInt8], to batch: inout RecordBatch) {
        if let rejection = Self.problem(bytes.span.extracting(range)) { return reject(range, rejection, &batch) }
        var values = [Value](repeating: .blank, count: columns.names.count)
        var walk = JSONWalk(bytes: bytes, index: range.lowerBound)
        Self.collect(&walk, columns.root, &values)
        let first = batch.fields.count
        for value in values {
            switch value {
            case .blank: batch.fields.append(CSVField(0..<0, isEscaped: false))
            case .text(let range): batch.fields.append(CSVField(range, isEscaped: false))
            case .string(let range):
                let start = batch.bytes.count
                JSONText.appendUnescaped(bytes[range], to: &batch.bytes)
                batch.fields.append(CSVField(start..<batch.bytes.count, isEscaped: false))
            }
        }
        batch.records.append(
            CSVRecord(line: line, range: range, fields: first..<batch.fields.count, fault: nil))
    }

    private static func problem(_ text: Span<UInt8>) -> Rejection? {
        guard RawText.isPlainASCII(text) || RawText.isUTF8(text) else {
            return Rejection(.badUTF8, "the record is not UTF-8: \(RawText.quoted(text))")
        }
        do {
            try JSONObject.check(text)
            return nil
        } catch {
            return Rejection(.badJSON, "the record \(error.problem): \(RawText.quoted(text))")
        }
    }

    private enum Value {
        case blank
        /// A text as it is in the record batch.
        case text(Range<Int>)
        /// A string with its escapes and without its quotes.
        case string(Range<Int>)
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

    private static func skipSeparators(_ bytes: [UInt8], _ from: Int, _ layout: Layout) -> Int {
        var index = from
        while true {
            index = JSONDocumentStart.skipSpace(bytes, index)
            if layout == .document, index < bytes.count, bytes[index] == UInt8(ascii: ",") {
                index += 1
            } else if layout == .lines, bytes[index...].starts(with: [0xEF, 0xBB, 0xBF]) {
                index += 3
            } else {
                return index
            }
        }
    }

    private static func lines(_ bytes: ArraySlice<UInt8>) -> Int64 {
        var count: Int64 = 0
        for byte in bytes where byte == UInt8(ascii: "\n") { count += 1 }
        return count
    }
}
