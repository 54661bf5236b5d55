import Risk

/// How the columns of a file become events.
///
/// Read from YAML; `docs/mappings.md` describes every key.
package struct Mapping: Sendable {
    /// The mapping's file, for messages.
    package let file: String
    /// What it states of the file's writing.
    package var dialect: Dialect
    let eventType: EventTypeRule
    let eventID: Column?
    let time: TimeRule
    var coordinates: CoordinateRule
    /// How many events a line stands for; one without it.
    let count: Column?
    let filters: [Filter]
    let attributes: AttributeRule
    /// When a file is plainly not of this mapping.
    package let rejects: RejectRule

    /// A column that the mapping asks for, with the place that asks.
    struct Column: Sendable {
        /// As the mapping spells it; compared with the header trimmed and without regard to case.
        let name: String
        /// The key in the mapping, `coordinates.latitude` for example.
        let key: String
        let line: Int?
        var isOptional = false
    }

    enum EventTypeRule: Sendable {
        case constant(String)
        case column(Column)
        /// The column's value is looked up; one that is not listed becomes `otherwise`, or is rejected without it.
        case lookup(Column, [String: String], otherwise: String?)
    }

    struct TimeRule: Sendable {
        /// The column, or the clock reading that all records share.
        let source: Source
        let patterns: [TimePattern]
        /// Of values without an offset; the dataset's zone where the mapping names none.
        let zone: ZoneOffsets?
        /// The offset in the value is wrong: its clock reading is local time.
        let ignoresOffset: Bool
        /// The hour 0...23 of the local day that the time column gives.
        let hour: Column?
        /// The time of day on that local day, as `HHmm` or `HH:mm:ss`.
        let clock: Column?
        /// Local years that are believed.
        let years: ClosedRange<Int>?

        enum Source: Sendable {
            case column(Column)
            case constant(ClockReading)
        }
    }

    struct CoordinateRule: Sendable {
        var place: Place
        /// From the system of the columns; nil where they are degrees of WGS 84.
        let projection: Projection?
        let allowsNullIsland: Bool
        let bounds: BoundingBox?

        enum Place: Sendable {
            /// Longitude and latitude, or easting and northing.
            case point(longitude: Column, latitude: Column)
            /// A name or code whose point stands in a file of places.
            case name(Column, NamedPlaces)

            var columns: [Column] {
                switch self {
                case .point(let longitude, let latitude): [longitude, latitude]
                case .name(let column, _): [column]
                }
            }
        }
    }

    struct NamedPlaces: Sendable {
        /// The file, as the mapping writes it: relative to the mapping's folder.
        let file: String
        let line: Int?
        /// A mapping that can do without it makes every record a dead letter, to be read again when there is one.
        let isOptional: Bool
        /// nil until it was read, or where there is none.
        var table: PlaceTable?
    }

    /// Only records whose column has, or has not, one of the values are read.
    struct Filter: Sendable {
        let column: Column
        let values: Set<String>
        let keeps: Bool
    }

    enum AttributeRule: Sendable {
        /// A column that holds a JSON object.
        case json(Column)
        /// Columns as texts under their keys, then constant texts.
        case texts([(key: String, column: Column)], constants: [(key: String, value: String)])
        /// Every column that is used for nothing else, except some; those about persons only where they are included.
        case all(included: [Column], excluded: [Column], constants: [(key: String, value: String)])
    }

    /// Every column that the mapping names.
    var columns: [Column] {
        var columns = coordinates.place.columns + filters.map(\.column)
        columns += [eventID, time.hour, time.clock, count].compactMap { $0 }
        if case .column(let column) = time.source { columns.append(column) }
        switch eventType {
        case .constant: break
        case .column(let column), .lookup(let column, _, _): columns.append(column)
        }
        switch attributes {
        case .json(let column): columns.append(column)
        case .texts(let texts, _): columns += texts.map(\.column)
        case .all(let included, let excluded, _): columns += included + excluded
        }
        return columns
    }
}
