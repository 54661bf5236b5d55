import Domain

/// The columns that stand for the properties of a filter in a statement. Texts are compared by their bytes.
struct FilterColumns {
    let properties: [String: String]
    let geometry: String
    /// The attributes that a filter may name as well.
    private(set) var attributes: [String: Queryable.Kind] = [:]

    init(properties: [String: String], geometry: String) {
        self.properties = properties
        self.geometry = geometry
    }

    /// The columns of the figures that filters may name.
    /// - Parameter table: The name of the table with these columns in the statement.
    init<Row>(_ figures: [Figure<Row>], of table: String, geometry: String) {
        let filterable = figures.filter { $0.outputs.contains(.filters) }
        properties = Dictionary(uniqueKeysWithValues: filterable.map { ($0.name, $0.expression(of: table)) })
        self.geometry = geometry
    }

    /// The time of an event in the zone of its dataset, which is the first parameter of the statements over events.
    private static let localTime =
        "e.event_timestamp AT TIME ZONE (SELECT d.time_zone FROM datasets d WHERE d.slug = $1)"

    /// The columns of `events.sql` and `event_counts.sql`.
    static let events = FilterColumns(
        properties: [
            "event_id": #"e.event_id COLLATE "C""#, "event_type": #"e.event_type COLLATE "C""#,
            "event_timestamp": "e.event_timestamp", "longitude": "ST_X(e.geom)", "latitude": "ST_Y(e.geom)",
            "attributes": "e.attributes_json", "day_of_week": "extract(isodow FROM \(localTime))::float8",
            "hour": "extract(hour FROM \(localTime))::float8", "month": "extract(month FROM \(localTime))::float8",
        ],
        geometry: "e.geom")

    /// These columns and some attributes of events. The expressions are those of the indexes (`queryable_indexes.sql`).
    func adding(_ queryables: [Queryable]) -> FilterColumns {
        var columns = self
        columns.attributes = Dictionary(queryables.map { ($0.name, $0.kind) }) { $1 }
        return columns
    }

    /// The columns of `risk_rows.sql`.
    static let risk = FilterColumns(RiskRow.figures, of: "m", geometry: outline(of: "m"))

    /// The columns of `outlook_rows.sql`.
    static let outlook = FilterColumns(OutlookRow.figures, of: "m", geometry: "m.geom")

    /// The columns of `hotspots.sql`.
    static let topCells = FilterColumns(TopCell.figures, of: "f", geometry: outline(of: "f"))

    /// The outline of the cell of a row that has none itself.
    private static func outline(of rows: String) -> String {
        "(SELECT c.geom FROM h3_cells c WHERE c.h3_index = \(rows).h3_index)"
    }
}

extension Queryable.Kind {
    /// The attribute as a filter compares it.
    /// - Parameter name: The placeholder of its name.
    func expression(_ name: String) -> String {
        switch self {
        case .text: #"(attribute_text(e.attributes_json, \#(name)::text) COLLATE "C")"#
        case .number: "attribute_number(e.attributes_json, \(name)::text)"
        case .boolean: "attribute_truth(e.attributes_json, \(name)::text)"
        }
    }
}

extension Figure {
    /// The column as a filter compares it: numbers as `float8`, and what is text in an answer as text.
    fileprivate func expression(of table: String) -> String {
        switch value {
        case .cell: #"to_hex(\#(table).\#(name)) COLLATE "C""#
        case .level: #"\#(table).\#(name)::text COLLATE "C""#
        case .text: #"\#(table).\#(name) COLLATE "C""#
        case .integer, .optionalInteger: "\(table).\(name)::float8"
        case .day, .number, .optionalNumber, .truth: "\(table).\(name)"
        }
    }
}
