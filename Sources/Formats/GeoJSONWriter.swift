import JSON
import NIOCore

/// Writes a whole list as one FeatureCollection (RFC 7946), a feature a line.
struct GeoJSONWriter: FeatureWriter {
    private let properties: [FeatureProperty]
    private let columns: [Int]
    /// The beginning of the collection, without its features.
    private let head: ByteBuffer
    private var isFirst = true

    /// - Parameter members: Further members of the collection.
    init(properties: [FeatureProperty], columns: [Int], members: (inout JSONWriter) -> Void) {
        self.properties = properties
        self.columns = columns
        var json = JSONWriter()
        json.object { json in
            json.field("type", "FeatureCollection")
            members(&json)
        }
        head = json.buffer
    }

    func begin(into buffer: inout ByteBuffer) {
        buffer.writeBytes(head.readableBytesView.dropLast())
        buffer.writeString(",\"features\":[")
    }

    mutating func write(_ feature: Feature, into buffer: inout ByteBuffer) {
        buffer.writeString(isFirst ? "\n" : ",\n")
        isFirst = false
        var json = JSONWriter()
        json.feature(feature, properties, columns)
        buffer.writeImmutableBuffer(json.buffer)
    }

    func end(into buffer: inout ByteBuffer) { buffer.writeString("\n]}\n") }
}
