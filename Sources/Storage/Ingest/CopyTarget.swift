/// The table that rows of a batch are copied to.
enum CopyTarget {
    case events
    /// Events with ids of their source, before they are merged into `events`.
    case incoming
    case deadLetters

    var statement: String {
        switch self {
        case .events:
            """
            COPY events (dataset, event_type, event_timestamp, geom, attributes_json, batch, row_number) \
            FROM STDIN (FORMAT binary)
            """
        case .incoming:
            """
            COPY incoming (event_id, event_type, event_timestamp, geom, attributes_json, row_number) \
            FROM STDIN (FORMAT binary)
            """
        case .deadLetters:
            "COPY dead_letters (batch, row_number, line_number, raw, reason, detail) FROM STDIN (FORMAT binary)"
        }
    }
}
