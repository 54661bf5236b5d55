package import JSON
package import NIOCore

/// Writes the features of a list one after the other, so that no more than a page of them is in memory.
package protocol FeatureWriter: Sendable {
    /// Writes what stands before the first feature.
    func begin(into buffer: inout ByteBuffer)
    mutating func write(_ feature: Feature, into buffer: inout ByteBuffer)
    /// Writes what stands behind the last feature.
    func end(into buffer: inout ByteBuffer)
}

extension FeatureWriter {
    package func end(into buffer: inout ByteBuffer) {}
}

extension ListFormat {
    /// The writer for a whole list; `nil` for the format that only comes in pages.
    /// - Parameter members: Further members of a FeatureCollection.
    package func writer<Source: FeatureSource>(
        of source: Source.Type, columns: [Int], members: (inout JSONWriter) -> Void = { _ in }
    ) -> (any FeatureWriter)? {
        let properties = columns.map { Source.properties[$0] }
        return switch self {
        case .json: nil
        case .geojson: GeoJSONWriter(properties: properties, columns: columns, members: members)
        case .geojsonseq: GeoJSONSequenceWriter(properties: properties, columns: columns)
        case .csv: CSVWriter(properties: properties, columns: columns)
        case .flatgeobuf: FlatGeobufWriter(properties: properties, columns: columns, shape: Source.shape)
        }
    }
}
