import Areas
import CSV
import Feeds

/// The populations of areas by their ids, from a CSV file with a header, packed or not, or from the first sheet of a
/// workbook.
///
/// Ids that do not fit as they stand may differ in how numbers are written: `1.0` or `001` for `1`.
struct PopulationFile {
    /// The largest file that is read, in bytes.
    private static let longestFile = 256 << 20
    /// A name that the column with the numbers has a part of, if nobody says which it is, and those that it has before
    /// all others.
    private static let usualName = "pop"
    private static let plainNames = ["population", "pop"]

    private var byID: [String: Double] = [:]
    private var byNumber: [String: String] = [:]
    private var taken: Set<String> = []
    private let file: String
    private let isSheet: Bool

    /// - Parameters:
    ///   - id: The column with the ids; the first by default.
    ///   - column: The column with the numbers.
    ///   - conditions: Values that rows must have, as `COLUMN=VALUE`.
    /// - Throws: `AreaError` that names the line.
    init(path: String, id: String?, column: String?, conditions: [String]) throws(AreaError) {
        file = path
        let text: TableText
        do throws(FeedError) {
            text = try TableText(path: path, most: Self.longestFile)
        } catch {
            throw AreaError(.file, file: path, error.problem)
        }
        let bytes = text.bytes
        isSheet = text.isSheet
        let delimiter = isSheet ? UInt8(ascii: ",") : Self.delimiter(of: bytes)
        var reader = CSVReader(CSVForm(delimiter: delimiter), hasHeader: true)
        var batch = RecordBatch()
        var columns: Columns?
        // In pieces, so that a batch stays small.
        for start in stride(from: 0, to: bytes.count, by: 1 << 20) {
            let piece = Array(bytes[start..<min(start + 1 << 20, bytes.count)])
            reader.read(piece.span, into: &batch)
            try add(&batch, &columns, id, column, conditions)
        }
        reader.finish(into: &batch)
        try add(&batch, &columns, id, column, conditions)
        guard !byID.isEmpty else { throw AreaError(.file, file: path, "has no population of any area") }
        for id in byID.keys {
            guard let number = Self.canonical(id) else { continue }
            // A number that two ids write in different ways means neither.
            byNumber[number] = byNumber[number] == nil ? id : ""
        }
    }

    /// The population of an area; nil when the file has none.
    mutating func take(_ id: String) -> Double? {
        var key = id
        if byID[key] == nil, let number = Self.canonical(id), let other = byNumber[number], !other.isEmpty {
            key = other
        }
        guard let population = byID[key] else { return nil }
        taken.insert(key)
        return population
    }

    /// How many ids of the file were not taken.
    var unused: Int { byID.count - taken.count }

    /// Reads a number with or without commas between thousands.
    static func number(_ text: String) -> Double? {
        let trimmed = text.trimmingSpaces
        if let number = Double(trimmed), number.isFinite { return number }
        let groups = trimmed.split(separator: ",", omittingEmptySubsequences: false)
        let areThousands = groups.dropFirst().allSatisfy { group in group.prefix { $0 != "." }.count == 3 }
        guard groups.count > 1, areThousands else { return nil }
        return Double(groups.joined()).flatMap { $0.isFinite ? $0 : nil }
    }

    /// The whole number that an id is, in its shortest form.
    private static func canonical(_ id: String) -> String? {
        guard let number = Double(id), let whole = Int(exactly: number) else { return nil }
        return String(whole)
    }

    private static func delimiter(of bytes: [UInt8]) -> UInt8 {
        let header = bytes.prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
        return [UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t")].max { one, other in
            header.count { $0 == one } < header.count { $0 == other }
        } ?? UInt8(ascii: ",")
    }

    private struct Columns {
        let count: Int
        let id: Int
        let population: Int
        let conditions: [(column: Int, value: String)]
    }

    private mutating func add(
        _ batch: inout RecordBatch, _ columns: inout Columns?, _ id: String?, _ column: String?, _ conditions: [String]
    ) throws(AreaError) {
        for record in batch.records {
            guard record.fault == nil else {
                throw AreaError(.damaged, file: file, "line \(record.line) is no record of a CSV file")
            }
            var fields: [String] = []
            for field in record.fields {
                batch.unescape(field)
                fields.append(String(decoding: batch.bytes[batch.fields[field].range], as: UTF8.self).trimmingSpaces)
            }
            guard let known = columns else {
                columns = try Self.columns(fields, file, id, column, conditions)
                continue
            }
            if isSheet {
                // A row of a sheet ends with its last cell, and may have none.
                guard fields.contains(where: { !$0.isEmpty }) else { continue }
                fields += Array(repeating: "", count: max(0, known.count - fields.count))
            }
            guard fields.count == known.count else {
                throw AreaError(
                    .damaged, file: file,
                    "line \(record.line) has \(fields.count) fields, but the header has \(known.count)")
            }
            guard known.conditions.allSatisfy({ fields[$0.column] == $0.value }) else { continue }
            let text = fields[known.population]
            // No number is not known, which is not 0.
            if text.isEmpty || fields[known.id].isEmpty { continue }
            guard let number = Self.number(text), number >= 0 else {
                throw AreaError(.column, file: file, "line \(record.line) has no population but \(text.prefix(40))")
            }
            byID[fields[known.id], default: 0] += number
        }
        batch.removeAll()
    }

    private static func columns(
        _ names: [String], _ file: String, _ id: String?, _ column: String?, _ conditions: [String]
    ) throws(AreaError) -> Columns {
        func place(_ name: String) throws(AreaError) -> Int {
            guard let place = names.firstIndex(of: name) else {
                throw AreaError(
                    .column, file: file, "has no column \(name); its columns are: \(names.joined(separator: ", "))")
            }
            return place
        }
        var pairs: [(column: Int, value: String)] = []
        for condition in conditions {
            let parts = condition.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            pairs.append((try place(String(parts[0])), String(parts[parts.count - 1])))
        }
        let idPlace = if let id { try place(id) } else { 0 }
        if let column {
            return Columns(count: names.count, id: idPlace, population: try place(column), conditions: pairs)
        }
        var likely = names.indices.filter { $0 != idPlace && names[$0].lowercased().contains(usualName) }
        let plain = likely.filter { plainNames.contains(names[$0].lowercased()) }
        if plain.count == 1 { likely = plain }
        guard likely.count == 1 else {
            throw AreaError(
                .column, file: file,
                "does not say which column has the population: choose one with --population-column: "
                    + names.joined(separator: ", "))
        }
        return Columns(count: names.count, id: idPlace, population: likely[0], conditions: pairs)
    }
}
