import Areas
import CSV
import Foundation
import Spending

/// The places of departments or vendors in a CSV file with the columns `name`, `longitude` and `latitude`.
struct PlaceFile {
    /// The largest file that is read, in bytes.
    private static let longestFile = 16 << 20
    /// The longest name, in bytes.
    private static let longestName = 1000
    private static let columns = ["name", "longitude", "latitude"]

    private(set) var places: [ExpenditurePlace] = []
    private var lines: [String: Int] = [:]
    private let file: String
    private let kind: ExpenditurePlace.Kind

    /// - Throws: `AreaError` that names the line.
    init(path: String, of kind: ExpenditurePlace.Kind) throws(AreaError) {
        file = path
        self.kind = kind
        let size = (try? FileManager.default.attributesOfItem(atPath: path))?[.size] as? Int
        guard let size, let bytes = try? [UInt8](Data(contentsOf: URL(fileURLWithPath: path))) else {
            throw AreaError(.file, file: path, "cannot be read")
        }
        guard size <= Self.longestFile, bytes.count <= Self.longestFile else {
            throw AreaError(.limit, file: path, "is larger than \(Self.longestFile >> 20) MB")
        }
        var reader = CSVReader(CSVForm(delimiter: UInt8(ascii: ",")), hasHeader: true)
        var batch = RecordBatch()
        var order: [Int]?
        reader.read(bytes.span, into: &batch)
        try add(&batch, &order)
        reader.finish(into: &batch)
        try add(&batch, &order)
    }

    private mutating func add(_ batch: inout RecordBatch, _ order: inout [Int]?) throws(AreaError) {
        for record in batch.records {
            guard record.fault == nil else {
                throw AreaError(.damaged, file: file, "line \(record.line) is no record of a CSV file")
            }
            var fields: [String] = []
            for field in record.fields {
                batch.unescape(field)
                fields.append(String(decoding: batch.bytes[batch.fields[field].range], as: UTF8.self))
            }
            guard let known = order else {
                order = try Self.order(fields, file)
                continue
            }
            try add(fields, known, line: Int(record.line))
        }
    }

    /// The position of each of the columns.
    private static func order(_ names: [String], _ path: String) throws(AreaError) -> [Int] {
        let names = names.map { $0.trimmingCharacters(in: .whitespaces).lowercased() }
        var order: [Int] = []
        for column in columns {
            guard let place = names.firstIndex(of: column) else {
                throw AreaError(
                    .column, file: path,
                    "has no column \(column); its columns are: \(names.joined(separator: ", "))")
            }
            order.append(place)
        }
        return order
    }

    private mutating func add(_ fields: [String], _ order: [Int], line: Int) throws(AreaError) {
        guard let last = order.max(), fields.count > last else {
            throw AreaError(.damaged, file: file, "line \(line) has too few fields")
        }
        let name = fields[order[0]].trimmingCharacters(in: .whitespaces)
        let key = kind == .vendor ? VendorKey.key(of: name) : name
        guard !key.isEmpty, name.utf8.count <= Self.longestName, !name.utf8.contains(0) else {
            throw AreaError(.damaged, file: file, "line \(line) has no name of 1 to \(Self.longestName) bytes")
        }
        let longitude = try number(fields[order[1]], "longitude", upTo: 180, line)
        let latitude = try number(fields[order[2]], "latitude", upTo: 90, line)
        if let other = lines[key] {
            throw AreaError(.damaged, file: file, "line \(line) has the name of line \(other)")
        }
        lines[key] = line
        places.append(ExpenditurePlace(key: key, name: name, longitude: longitude, latitude: latitude))
        guard places.count <= ExpenditurePlace.most else {
            throw AreaError(.limit, file: file, "has more than \(ExpenditurePlace.most) places")
        }
    }

    private func number(
        _ text: String, _ column: String, upTo most: Double, _ line: Int
    ) throws(AreaError) -> Double {
        guard let number = Double(text.trimmingCharacters(in: .whitespaces)), (-most...most).contains(number) else {
            throw AreaError(
                .damaged, file: file,
                "line \(line) has no \(column) from -\(Int(most)) to \(Int(most)) but \(text.prefix(40))")
        }
        return number
    }
}
