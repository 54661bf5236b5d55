import JSON
import NIOCore

/// Writes GeoJSON text sequences (RFC 8142): each feature between a record separator and a line feed.
struct GeoJSONSequenceWriter: FeatureWriter {
    let properties: [FeatureProperty]
    let columns: [Int]

    func begin(into buffer: inout ByteBuffer) {}

    func write(_ feature: Feature, into buffer: inout ByteBuffer) {
        buffer.writeInteger(UInt8(0x1e))
        var json = JSONWriter()
        json.feature(feature, properties, columns)
        buffer.writeImmutableBuffer(json.buffer)
        buffer.writeInteger(UInt8(ascii: "\n"))
    }
}
