import CSV

/// Reads JSON objects, or arrays, as records with one column for each requested member.
///
/// A string becomes its unescaped text, a number or a word its text, null is blank, and an object or array its JSON.
/// `NaN` and infinities are blank like null.
///
/// Records may be outermost values, one after the other, and elements of outermost arrays or of the array that
/// ``JSONLayout`` names. A file may have several of each. Text that is no JSON becomes a record with a problem, and
/// reading goes on where a line begins like a value again.
struct JSONReader {
    static let maximumRecordBytes = 1 << 20
    /// How much of an outermost object is kept until its array of records is found. Without one it is a record itself.
    static let maximumPreludeBytes = 16 << 20

    let layout: JSONLayout
    let columns: JSONColumns
    /// The faults of records that could not be read, by their index.
    private(set) var problems: [Int: Rejection] = [:]
    /// Why records have no coordinates, by their index, for those whose geometry is not a point.
    private(set) var geometries: [Int: Rejection] = [:]

    /// The bytes from `start` on, or from the object that may be a record itself.
    var bytes: [UInt8] = []
    /// The index of the next byte that is not read.
    var start = 0
    var unit = Unit.none
    /// How many bytes of the unit at `start` were scanned.
    var scanned = 0
    var nesting = JSONNesting()
    /// The levels around the next value, the outermost first.
    var levels: [Level] = []
    /// An outermost object that may be a record itself.
    var object: Object?
    var line: Int64 = 1
    /// How many spaces are before the next byte on its line; nil where something else is.
    var indent: Int? = 0
    private(set) var isLast = false

    /// The part of the text that is being read.
    enum Unit: Equatable {
        case none
        case record
        /// A record that is longer than the limit and was given up.
        case longRecord
        /// A value beside the records.
        case other
        /// Text that is no JSON.
        case noJSON(Rejection)
        /// The same, beyond the limit of what is kept.
        case longNoJSON
    }

    enum Level: Equatable {
        /// An outermost array.
        case array
        /// An object that so many names of the path lead to.
        case object(Int)
        /// An array on the path, whose elements are passed through.
        case passed(Int)
        /// The array of records.
        case records
    }

    struct Object {
        var start: Int
        let line: Int64
        /// Whether it became too long to be kept.
        var isDropped = false
    }

    init(_ layout: JSONLayout, columns: JSONColumns) {
        self.layout = layout
        self.columns = columns
    }

    mutating func read(_ piece: [UInt8], into batch: inout RecordBatch) { fill(&batch, with: piece) }

    mutating func finish(into batch: inout RecordBatch) {
        isLast = true
        fill(&batch, with: [])
    }

    private mutating func fill(_ batch: inout RecordBatch, with piece: [UInt8]) {
        batch.removeAll()
        problems.removeAll(keepingCapacity: true)
        geometries.removeAll(keepingCapacity: true)
        let kept = object?.isDropped == false ? object?.start ?? start : start
        bytes.removeFirst(kept)
        start -= kept
        object?.start = 0
        bytes += piece
        batch.bytes = bytes
        if layout.isLines {
            while readLine(into: &batch) {}
        } else {
            while step(into: &batch) {}
            if isLast { end(into: &batch) }
        }
    }

    /// Reads the line at `start`; false when more bytes are needed.
    private mutating func readLine(into batch: inout RecordBatch) -> Bool {
        if scanned == 0, unit == .none { passLineSpace() }
        guard start < bytes.count else { return false }
        let found = bytes[(start + scanned)...].firstIndex(of: UInt8(ascii: "\n"))
        guard let end = found ?? (isLast ? bytes.count : nil) else {
            scanned = bytes.count - start
            guard scanned > Self.maximumRecordBytes || unit == .longRecord else { return false }
            if unit == .none { giveUp(into: &batch) }
            unit = .longRecord
            pass(to: bytes.count)
            scanned = 0
            return false
        }
        if unit == .none {
            if end - start > Self.maximumRecordBytes { giveUp(into: &batch) } else { take(start..<end, into: &batch) }
        }
        finishUnit(at: end)
        return true
    }

    private mutating func passLineSpace() {
        while true {
            pass(to: JSONSpace.skip(bytes, start))
            guard bytes[start...].starts(with: [0xEF, 0xBB, 0xBF]) else { return }
            start += 3
        }
    }

    static let tooLong = Rejection(
        .recordTooLong, "the record that starts on this line is longer than the limit")
    static let unclosed = Rejection(
        .badJSON, "the object that starts on this line is not closed before the next one begins")

    /// Gives up the record at `start`, which is too long.
    mutating func giveUp(into batch: inout RecordBatch) {
        reject(start..<start + Self.maximumRecordBytes, Self.tooLong, &batch)
    }

    mutating func reject(_ range: Range<Int>, _ rejection: Rejection, _ batch: inout RecordBatch) {
        problems[batch.records.count] = rejection
        let fields = batch.fields.count..<batch.fields.count
        batch.records.append(CSVRecord(line: line, range: range, fields: fields, fault: nil))
    }

    /// Adds the record in a range of the bytes, unless it is the row with the names.
    mutating func take(_ range: Range<Int>, into batch: inout RecordBatch) {
        if let header = layout.rows?.header, !header.isEmpty, bytes[range].elementsEqual(header) { return }
        do throws(Rejection) {
            let reading = try JSONRecord(bytes, range, columns, isRow: layout.rows != nil)
            if let rejection = reading.geometry { geometries[batch.records.count] = rejection }
            reading.add(to: &batch, line: line, range: range)
        } catch {
            reject(range, error, &batch)
        }
    }

    /// Moves on and counts the lines on the way.
    mutating func pass(to end: Int) {
        for byte in bytes[start..<end] where byte == UInt8(ascii: "\n") { line += 1 }
        if end > start { indent = nil }
        start = end
    }
}
