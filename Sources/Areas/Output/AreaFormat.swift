/// A format that areas are converted to.
package enum AreaFormat: String, CaseIterable, Sendable {
    /// A FeatureCollection (RFC 7946).
    case geoJSON = "GeoJSON"
    /// Features after record separators (RFC 8142).
    case sequence = "GeoJSON sequence"
    /// One feature a line.
    case lines = "GeoJSON lines"
    case flatGeobuf = "FlatGeobuf"

    /// The endings of file names.
    package var endings: [String] {
        switch self {
        case .geoJSON: ["geojson", "json"]
        case .sequence: ["geojsons", "geojsonseq"]
        case .lines: ["geojsonl", "ndjson"]
        case .flatGeobuf: ["fgb"]
        }
    }

    /// The format that the ending of a file's name stands for.
    /// - Throws: `AreaError` for an unknown ending.
    package init(ofPath path: String) throws(AreaError) {
        let ending = ending(of: path)
        guard let format = Self.allCases.first(where: { $0.endings.contains(ending) }) else {
            let known = Self.allCases.flatMap(\.endings).map { ".\($0)" }.joined(separator: ", ")
            throw AreaError(.file, file: path, "has to end in the format to write: \(known)")
        }
        self = format
    }
}
