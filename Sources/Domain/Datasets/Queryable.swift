/// An attribute of a dataset's events that filters may name.
package struct Queryable: Hashable, Sendable {
    package enum Kind: String, CaseIterable, Sendable {
        case text
        case number
        case boolean
    }

    /// How many attributes of a dataset may be named. Each has an index that every ingest keeps up to date.
    package static let mostOfDataset = 8
    package static let longestName = 63

    package let name: String
    package let kind: Kind

    package init(_ name: String, _ kind: Kind) {
        self.name = name
        self.kind = kind
    }

    /// The form of a name, in words.
    package static let form =
        "1 to \(longestName) bytes without control characters, and not a parameter of a list or a property of events"

    /// Whether an attribute of this name can be a parameter beside those of lists.
    package static func isName(_ name: String) -> Bool {
        (1...longestName).contains(name.utf8.count) && !reserved.contains(name.lowercased())
            && !name.unicodeScalars.contains { $0.properties.generalCategory == .control }
    }

    /// The names of parameters of lists, of properties of features, and of what filters call the geometry.
    private static let reserved: Set<String> = [
        "dataset", "from", "to", "datetime", "event_type", "event_id", "event_timestamp", "longitude", "latitude",
        "attributes", "geometry", "geom", "id", "bbox", "fields", "limit", "after", "f", "filter", "filter-lang",
        "filter-crs", "resolution", "startdate", "enddate", "area", "layer", "day", "days", "day_of_week", "weekday",
        "hour", "hours", "month", "months", "kind", "type", "level", "period", "as_of", "class", "crs", "h3_index",
        "event_count", "rolling_7d_avg", "growth_rate", "risk_score", "risk_level", "z_score", "anomaly", "last_day",
        "last_score", "last_level", "max_score", "max_level", "total_events", "days_active", "days_flagged",
    ]
}
