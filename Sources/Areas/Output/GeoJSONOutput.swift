import Formats
import JSON
import NIOCore

/// Writes GeoJSON (RFC 7946). Longitudes and latitudes have nine digits after the point, which are a tenth of a
/// millimetre.
struct GeoJSONOutput: FeatureOutput {
    let format: AreaFormat
    private var isFirst = true

    init(_ format: AreaFormat) { self.format = format }

    func begin(into buffer: inout ByteBuffer) {
        if format == .geoJSON { buffer.writeString("{\"type\":\"FeatureCollection\",\"features\":[\n") }
    }

    mutating func write(_ record: AreaRecord, into buffer: inout ByteBuffer) {
        switch format {
        case .geoJSON: if !isFirst { buffer.writeString(",\n") }
        case .sequence: buffer.writeInteger(UInt8(0x1E))
        case .lines, .flatGeobuf: break
        }
        isFirst = false
        buffer.writeString("{\"type\":\"Feature\",")
        switch record.id {
        case .text, .integer:
            var id = JSONWriter()
            id.value(record.id)
            buffer.writeString("\"id\":")
            buffer.writeImmutableBuffer(id.buffer)
            buffer.writeString(",")
        case .number, .truth, .json, .null: break
        }
        buffer.writeString("\"geometry\":")
        if let geometry = record.geometry {
            Self.write(geometry, into: &buffer)
        } else {
            buffer.writeString("null")
        }
        var properties = JSONWriter()
        properties.object { json in
            for property in record.properties {
                json.name(property.name)
                json.value(property.value)
            }
        }
        buffer.writeString(",\"properties\":")
        buffer.writeImmutableBuffer(properties.buffer)
        buffer.writeString("}")
        if format != .geoJSON { buffer.writeString("\n") }
    }

    func end(into buffer: inout ByteBuffer) {
        if format == .geoJSON { buffer.writeString("\n]}\n") }
    }

    private static func write(_ geometry: Geometry, into buffer: inout ByteBuffer) {
        switch geometry {
        case .point(let position): write("Point", into: &buffer) { position.write(into: &$0) }
        case .points(let positions): write("MultiPoint", into: &buffer) { list(positions, into: &$0) }
        case .line(let line): write("LineString", into: &buffer) { list(line, into: &$0) }
        case .lines(let lines): write("MultiLineString", into: &buffer) { lists(lines, into: &$0) }
        case .polygon(let polygon): write("Polygon", into: &buffer) { lists(polygon.rings, into: &$0) }
        case .polygons(let polygons):
            write("MultiPolygon", into: &buffer) { buffer in
                array(polygons, into: &buffer) { polygon, buffer in lists(polygon.rings, into: &buffer) }
            }
        case .collection(let members):
            buffer.writeString("{\"type\":\"GeometryCollection\",\"geometries\":")
            array(members, into: &buffer) { member, buffer in write(member, into: &buffer) }
            buffer.writeString("}")
        }
    }

    private static func write(
        _ type: String, into buffer: inout ByteBuffer, _ coordinates: (inout ByteBuffer) -> Void
    ) {
        buffer.writeString("{\"type\":\"\(type)\",\"coordinates\":")
        coordinates(&buffer)
        buffer.writeString("}")
    }

    private static func lists(_ lists: [[Position]], into buffer: inout ByteBuffer) {
        array(lists, into: &buffer) { positions, buffer in list(positions, into: &buffer) }
    }

    private static func list(_ positions: [Position], into buffer: inout ByteBuffer) {
        array(positions, into: &buffer) { position, buffer in position.write(into: &buffer) }
    }

    private static func array<Element>(
        _ elements: [Element], into buffer: inout ByteBuffer, _ write: (Element, inout ByteBuffer) -> Void
    ) {
        buffer.writeInteger(UInt8(ascii: "["))
        for (index, element) in elements.enumerated() {
            if index > 0 { buffer.writeInteger(UInt8(ascii: ",")) }
            write(element, &buffer)
        }
        buffer.writeInteger(UInt8(ascii: "]"))
    }
}

extension Position {
    /// Writes the position as JSON.
    fileprivate func write(into buffer: inout ByteBuffer) {
        // "[-179.123456789,-89.123456789]" has 30 bytes.
        buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: 64) { raw in
            var place = 0
            raw[place] = UInt8(ascii: "[")
            place += 1
            Self.write(x, raw, &place)
            raw[place] = UInt8(ascii: ",")
            place += 1
            Self.write(y, raw, &place)
            raw[place] = UInt8(ascii: "]")
            return place + 1
        }
    }

    /// Writes a number of at most 540 with up to nine digits after the point, without zeros at its end.
    private static func write(_ number: Double, _ raw: UnsafeMutableRawBufferPointer, _ place: inout Int) {
        let billionths = Int64((number * 1e9).rounded())
        if billionths < 0 {
            raw[place] = UInt8(ascii: "-")
            place += 1
        }
        let (whole, part) = billionths.magnitude.quotientAndRemainder(dividingBy: 1_000_000_000)
        for digit in String(whole).utf8 {
            raw[place] = digit
            place += 1
        }
        guard part > 0 else { return }
        raw[place] = UInt8(ascii: ".")
        place += 1
        var divisor: UInt64 = 100_000_000
        var rest = part
        while rest > 0 {
            raw[place] = UInt8(ascii: "0") + UInt8(rest / divisor)
            place += 1
            rest %= divisor
            divisor /= 10
        }
    }
}
