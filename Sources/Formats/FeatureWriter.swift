package import NIOCore

/// Writes the features of a list one after the other, so that no more than a page of them is in memory.
package protocol FeatureWriter: Sendable {
    /// Writes what stands before the first feature.
    func begin(into buffer: inout ByteBuffer)
    func write(_ feature: Feature, into buffer: inout ByteBuffer)
}

extension ListFormat {
    /// The writer for a whole list; `nil` for formats that come in pages.
    package func writer<Source: FeatureSource>(of source: Source.Type, columns: [Int]) -> (any FeatureWriter)? {
        let properties = columns.map { Source.properties[$0] }
        return switch self {
        case .json, .geojson: nil
        case .geojsonseq: GeoJSONSequenceWriter(properties: properties, columns: columns)
        case .csv: CSVWriter(properties: properties, columns: columns)
        case .flatgeobuf: FlatGeobufWriter(properties: properties, columns: columns, shape: Source.shape)
        }
    }
}
