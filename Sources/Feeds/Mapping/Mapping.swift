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
    let coordinates: CoordinateRule
    /// How many events a line stands for; one without it.
    let count: Column?
    let filters: [Filter]
    let attributes: AttributeRule

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
        /// Or the easting.
        let longitude: Column
        /// Or the northing.
        let latitude: Column
        /// From the system of the columns; nil where they are degrees of WGS 84.
        let projection: Projection?
        let allowsNullIsland: Bool
        let bounds: BoundingBox?
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
        var columns = [coordinates.longitude, coordinates.latitude] + filters.map(\.column)
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
