/// The formats of a list.
package enum ListFormat: String, CaseIterable, Sendable {
    case json
    case geojson
    /// GeoJSON text sequences (RFC 8142).
    case geojsonseq
    case csv
    case flatgeobuf

    package var mediaType: String {
        switch self {
        case .json: "application/json"
        case .geojson: "application/geo+json"
        case .geojsonseq: "application/geo+json-seq"
        case .csv: "text/csv"
        case .flatgeobuf: "application/flatgeobuf"
        }
    }

    /// The value of `Content-Type`.
    package var contentType: String { self == .csv ? "text/csv; charset=utf-8; header=present" : mediaType }

    /// Whether an answer holds one page with a link to the next, and not the whole list. GeoJSON comes in pages only if
    /// the size of one is given, because programs such as GDAL do not follow the link.
    package func isPaged(hasLimit: Bool) -> Bool { self == .json || self == .geojson && hasLimit }
}
