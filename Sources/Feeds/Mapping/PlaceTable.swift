import CSV
import Domain

/// The points of named or coded places, from a CSV file with the columns `place`, `longitude` and `latitude`.
///
/// Names are compared without regard to case, surrounding spaces and one full stop at the end. Codes of digits only are
/// compared without leading zeros, which spreadsheets drop.
struct PlaceTable: Sendable {
    struct Point: Sendable, Equatable {
        /// The longitude in degrees of WGS 84; the latitude follows.
        let longitude: Double
        let latitude: Double
    }

    private var points: [String: Point] = [:]
    /// The names that several areas have.
    private var ambiguous: Set<String> = []

    /// - Throws: `FeedError` that names the line that cannot be used.
    init(_ file: EventFile) throws(FeedError) {
        var stated = Dialect()
        stated.format = .csv
        var reader = try RecordReader(file, stated: stated, wanted: ["place", "longitude", "latitude"])
        let header = reader.header.map { ColumnIndex.trimmed($0).lowercased() }
        let columns = try ["place", "longitude", "latitude"].map { name throws(FeedError) in
            guard let column = header.firstIndex(of: name) else {
                throw FeedError(
                    .mapping, file: file.path, line: reader.headerLine,
                    "a file of places must have the columns place, longitude and latitude; there is no \(name)")
            }
            return column
        }
        // The first records begin with the header.
        var next = 1
        repeat {
            for record in reader.batch.records.indices.dropFirst(next) {
                let line = Int(reader.batch.records[record].line)
                let texts = reader.texts(record)
                guard texts.count == header.count else {
                    throw FeedError(
                        .mapping, file: file.path, line: line,
                        "has \(texts.count) fields where the header has \(header.count)")
                }
                try add(columns.map { texts[$0] }, file.path, line)
            }
            next = 0
        } while try reader.readRecordBatch()
    }

    /// - Parameter byName: Whether the areas are known by their names; otherwise by their ids.
    init(_ areas: [AreaPoint], byName: Bool) {
        points.reserveCapacity(areas.count)
        for area in areas {
            let key = Self.key(byName ? area.name : area.id)
            let point = Point(longitude: area.longitude, latitude: area.latitude)
            if points.updateValue(point, forKey: key) != nil { ambiguous.insert(key) }
        }
    }

    /// Whether several areas have the name, so that it says no place.
    func isAmbiguous(_ name: String) -> Bool { !ambiguous.isEmpty && ambiguous.contains(Self.key(name)) }

    func point(of name: String) -> (longitude: Double, latitude: Double)? {
        points[Self.key(name)].map { ($0.longitude, $0.latitude) }
    }

    private mutating func add(_ texts: [String], _ file: String, _ line: Int) throws(FeedError) {
        func degrees(_ text: String, _ name: String, _ limit: Double) throws(FeedError) -> Double {
            guard let value = DecimalNumber.read(Array(text.utf8).span), value.magnitude <= limit else {
                throw FeedError(
                    .mapping, file: file, line: line,
                    "the \(name) \"\(text)\" is not a number from -\(Int(limit)) to \(Int(limit))")
            }
            return value
        }
        let point = Point(
            longitude: try degrees(texts[1], "longitude", 180), latitude: try degrees(texts[2], "latitude", 90))
        let key = Self.key(texts[0])
        guard !key.isEmpty else { throw FeedError(.mapping, file: file, line: line, "the place is blank") }
        guard points[key] ?? point == point else {
            throw FeedError(.mapping, file: file, line: line, "\"\(texts[0])\" occurs before with another point")
        }
        points[key] = point
    }

    private static func key(_ name: String) -> String {
        var key = ColumnIndex.trimmed(name)[...]
        if key.hasSuffix(".") { key = key.dropLast() }
        if key.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) {
            let digits = key.drop { $0 == "0" }
            return String(digits.isEmpty ? key.suffix(1) : digits)
        }
        return key.lowercased()
    }
}
