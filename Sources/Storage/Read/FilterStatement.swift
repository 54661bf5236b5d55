import Domain
import Postgres

/// A filter as the condition of a statement: text made only of our own columns and placeholders, and the values for the
/// placeholders.
struct FilterStatement {
    /// The line in a file of `sql/` that the filter replaces.
    static let marker = "-- filter"

    private(set) var parameters: [any PostgresEncodable]
    private(set) var condition = ""
    private let columns: FilterColumns

    /// - Parameter parameters: The statement's parameters, which the filter's follow.
    init(_ filter: FeatureFilter, _ columns: FilterColumns, after parameters: [any PostgresEncodable])
        throws(StorageError)
    {
        self.columns = columns
        self.parameters = parameters
        condition = try text(filter)
    }

    /// The statement with the condition in place of its marker.
    func applied(to statement: String) -> String {
        statement.replacing(Self.marker, with: "AND (\(condition))", maxReplacements: 1)
    }

    private mutating func text(_ filter: FeatureFilter) throws(StorageError) -> String {
        switch filter {
        case .constant(let truth): return truth ? "true" : "false"
        case .and(let parts): return try joined(parts, " AND ")
        case .or(let parts): return try joined(parts, " OR ")
        case .not(let part): return "NOT (\(try text(part)))"
        case .compare(let property, let comparison, let value):
            return "\(try column(property)) \(comparison.rawValue) \(place(value))"
        case .like(let property, let pattern): return "\(try column(property)) LIKE \(place(.text(pattern)))"
        case .alike(let property, let pattern):
            // The collation of bytes knows only the case of ASCII letters.
            return "(\(try column(property))) COLLATE \"default\" ILIKE \(place(.text(pattern)))"
        case .between(let property, let low, let high):
            return "\(try column(property)) BETWEEN \(place(low)) AND \(place(high))"
        case .among(let property, let values):
            var places: [String] = []
            for value in values { places.append(place(value)) }
            return "\(try column(property)) IN (\(places.joined(separator: ", ")))"
        case .isNull(let property): return "\(try column(property)) IS NULL"
        case .intersects(let shape):
            parameters.append(PostgresBytes(EWKB.shape(shape)))
            return "ST_Intersects(\(columns.geometry), (SELECT ST_GeomFromEWKB($\(parameters.count)::bytea)))"
        case .belongs(let area, let layer):
            parameters += [layer, area]
            let (layer, area) = ("$\(parameters.count - 1)::integer", "$\(parameters.count)::integer")
            return """
                ST_Intersects(\(columns.geometry), (
                    SELECT a.geom FROM areas a WHERE a.layer_id = \(layer) AND a.number = \(area)))
                AND NOT EXISTS (
                    SELECT FROM areas a WHERE a.layer_id = \(layer) AND a.number < \(area)
                        AND ST_Intersects(a.geom, \(columns.geometry)))
                """
        case .attributes(let json):
            parameters.append(json)
            return "\(try column("attributes")) @> $\(parameters.count)::text::jsonb"
        }
    }

    private mutating func joined(_ parts: [FeatureFilter], _ word: String) throws(StorageError) -> String {
        var texts: [String] = []
        for part in parts { texts.append("(\(try text(part)))") }
        return texts.joined(separator: word)
    }

    private mutating func column(_ property: String) throws(StorageError) -> String {
        if let attribute = columns.attributes[property] {
            parameters.append(property)
            return attribute.expression("$\(parameters.count)")
        }
        guard let column = columns.properties[property] else {
            throw StorageError(.dataset, "no filter has the property \(property)")
        }
        return column
    }

    private mutating func place(_ value: FeatureFilter.Value) -> String {
        let type: String
        switch value {
        case .text(let text):
            parameters.append(text)
            type = "text"
        case .number(let number):
            parameters.append(number)
            type = "float8"
        case .truth(let truth):
            parameters.append(truth)
            type = "boolean"
        case .day(let day):
            parameters.append(day)
            type = "date"
        case .instant(let instant):
            parameters.append(instant)
            type = "timestamptz"
        }
        return "$\(parameters.count)::\(type)"
    }
}
