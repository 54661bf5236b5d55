import Areas
import Formats
import Storage

/// Reads areas from the records of a file, by its columns.
struct AreaColumns {
    private let reader: AreaReader
    private let id: String
    private let name: String
    /// The column with the population, if there is one.
    var population: String?
    /// The population by id, if it comes from another file.
    var populations: PopulationFile?
    /// The records without a place, which are left out, and areas without a population.
    private(set) var withoutGeometry = 0
    var withoutPopulation: Int { unpeopled.count }
    private var unpeopled: Set<String> = []

    init(_ reader: AreaReader, id: String, name: String) {
        self.reader = reader
        self.id = id
        self.name = name
    }

    /// - Throws: `AreaError` when the file says which columns it has, and one is missing.
    func check() throws(AreaError) {
        guard let columns = reader.columns else { return }
        for column in [id, name, population].compactMap({ $0 }) where !columns.contains(column) {
            throw missing(column, columns, record: nil)
        }
    }

    /// The next area; `nil` at the end.
    /// - Throws: `AreaError` that names the record.
    mutating func next() throws(AreaError) -> AreaImport.Record? {
        while let record = try reader.next() {
            guard let geometry = record.geometry else {
                withoutGeometry += 1
                continue
            }
            let id = try text(id, of: record)
            var residents: Double?
            if let population {
                residents = try number(population, of: record)
            } else if populations != nil {
                residents = populations?.take(id)
            }
            if residents == nil { unpeopled.insert(id) }
            return AreaImport.Record(
                number: record.number, id: id, name: try text(name, of: record), population: residents,
                geometry: geometry)
        }
        return nil
    }

    /// Remarks on what was read, as sentences.
    var notes: [String] {
        guard let unused = populations?.unused, unused > 0 else { return [] }
        return ["\(unused) ids of the population file are no areas of the layer."]
    }

    private func text(_ column: String, of record: AreaRecord) throws(AreaError) -> String {
        let value = try value(column, of: record)
        let text: String
        switch value {
        case .text(let found): text = found
        case .integer(let number): text = String(number)
        // Many programs write whole numbers as 94.0.
        case .number(let number): text = Int(exactly: number).map(String.init) ?? String(number)
        case .truth, .json, .null: text = ""
        }
        let trimmed = text.trimmingSpaces
        guard !trimmed.isEmpty else {
            throw AreaError(.column, file: reader.file, record: record.number, "has no value in the column \(column)")
        }
        return trimmed
    }

    private func number(_ column: String, of record: AreaRecord) throws(AreaError) -> Double? {
        switch try value(column, of: record) {
        case .integer(let number): return Double(number)
        case .number(let number): return number
        case .null: return nil
        case .text(let text):
            if text.trimmingSpaces.isEmpty { return nil }
            if let number = PopulationFile.number(text) { return number }
        case .truth, .json: break
        }
        throw AreaError(
            .column, file: reader.file, record: record.number, "has no number in the column \(column)")
    }

    private func value(_ column: String, of record: AreaRecord) throws(AreaError) -> PropertyValue {
        if let property = record.properties.first(where: { $0.name == column }) { return property.value }
        // Records of KML and GeoJSON have each their own columns, so one may be missing in some.
        if reader.columns == nil, column != id, column != name { return .null }
        throw missing(column, record.properties.map(\.name), record: record.number)
    }

    private func missing(_ column: String, _ columns: [String], record: Int?) -> AreaError {
        let names = columns.prefix(50).joined(separator: ", ")
        return AreaError(
            .column, file: reader.file, record: record, "has no column \(column); its columns are: \(names)")
    }
}

extension String {
    /// The text without blanks at its ends.
    var trimmingSpaces: String {
        var text = self[...]
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}
