import Domain

/// The columns that stand for the properties of a filter in a statement. Texts are compared by their bytes.
struct FilterColumns {
    let properties: [String: String]
    let geometry: String

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

    /// The columns of `events.sql`.
    static let events = FilterColumns(
        properties: [
            "event_id": #"e.event_id COLLATE "C""#, "event_type": #"e.event_type COLLATE "C""#,
            "event_timestamp": "e.event_timestamp", "longitude": "ST_X(e.geom)", "latitude": "ST_Y(e.geom)",
        ],
        geometry: "e.geom")

    /// The columns of `risk_rows.sql`.
    static let risk = FilterColumns(RiskRow.figures, of: "m", geometry: "m.geom")

    /// The columns of `outlook_rows.sql`.
    static let outlook = FilterColumns(OutlookRow.figures, of: "m", geometry: "m.geom")

    /// The columns of `hotspots.sql`.
    static let topCells = FilterColumns(
        TopCell.figures, of: "f", geometry: "(SELECT c.geom FROM h3_cells c WHERE c.h3_index = f.h3_index)")
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
