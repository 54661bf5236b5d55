/// The columns that stand for the properties of a filter in a statement. Texts are compared by their bytes.
struct FilterColumns {
    let properties: [String: String]
    let geometry: String

    /// The columns of `events.sql`.
    static let events = FilterColumns(
        properties: [
            "event_id": #"e.event_id COLLATE "C""#, "event_type": #"e.event_type COLLATE "C""#,
            "event_timestamp": "e.event_timestamp", "longitude": "ST_X(e.geom)", "latitude": "ST_Y(e.geom)",
        ],
        geometry: "e.geom")

    /// The columns of `risk_rows.sql`.
    static let risk = FilterColumns(
        properties: [
            "h3_index": #"to_hex(m.h3_index) COLLATE "C""#, "day": "m.day", "event_count": "m.event_count::float8",
            "rolling_7d_avg": "m.rolling_7d_avg", "growth_rate": "m.growth_rate", "risk_score": "m.risk_score",
            "risk_level": #"m.risk_level::text COLLATE "C""#, "z_score": "m.z_score", "anomaly": "m.anomaly",
            "resolution": "m.resolution::float8",
        ],
        geometry: "m.geom")

    /// The columns of `hotspots.sql`.
    static let topCells = FilterColumns(
        properties: [
            "h3_index": #"to_hex(f.h3_index) COLLATE "C""#, "last_day": "f.last_day", "last_score": "f.last_score",
            "last_level": #"f.last_level::text COLLATE "C""#, "max_score": "f.max_score",
            "max_level": #"f.max_level::text COLLATE "C""#, "total_events": "f.total_events::float8",
            "days_active": "f.days_active::float8", "days_flagged": "f.days_flagged::float8",
            "growth_rate": "f.growth_rate",
        ],
        geometry: "(SELECT c.geom FROM h3_cells c WHERE c.h3_index = f.h3_index)")
}
