/// How the columns of a file become events.
///
/// Read from YAML; `docs/mappings.md` describes every key.
package struct Mapping: Sendable {
    /// The mapping's file, for messages.
    package let file: String
    let delimiter: UInt8
    let eventType: EventTypeRule
    let eventID: Column?
    let time: TimeRule
    let coordinates: CoordinateRule
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
        let column: Column
        let patterns: [TimePattern]
        /// Of values without an offset; the dataset's zone where the mapping names none.
        let zone: ZoneOffsets?
        /// The offset in the value is wrong: its clock reading is local time.
        let ignoresOffset: Bool
        /// The hour 0...23 of the local day that the time column gives.
        let hour: Column?
    }

    struct CoordinateRule: Sendable {
        let longitude: Column
        let latitude: Column
        let allowsNullIsland: Bool
    }

    enum AttributeRule: Sendable {
        /// A column that holds a JSON object.
        case json(Column)
        /// Columns as texts under their keys, then constant texts.
        case texts([(key: String, column: Column)], constants: [(key: String, value: String)])
    }
}
