import Domain
import H3
import NIOCore

/// Writes FlatGeobuf 3 without an index and with an unknown number of features, so that they can be written as they
/// come.
///
/// Numbers of fields and types are those of the schemas header.fbs and feature.fbs. The writer of PostGIS 3.5 is not
/// used: it gives the columns after a NULL the wrong names, and writes dates and jsonb in a way that GDAL cannot read.
struct FlatGeobufWriter: FeatureWriter {
    private static let magic: [UInt8] = Array("fgb".utf8) + [3] + Array("fgb".utf8) + [0]
    private static let point: UInt8 = 1
    private static let polygon: UInt8 = 3
    private static let multiPolygon: UInt8 = 6

    let properties: [FeatureProperty]
    let columns: [Int]
    let shape: FeatureShape

    func begin(into buffer: inout ByteBuffer) {
        buffer.writeBytes(Self.magic)
        var header = FlatBuffer()
        // name, envelope, geometry_type, has_z, has_m, has_t, has_tm, columns, features_count, index_node_size, crs
        let fields = header.table([
            .reference, nil, .byte(Self.type(of: shape)), nil, nil, nil, nil, .reference, nil, .short(0), .reference,
        ])
        header.string(from: fields[0], "hextant")
        let places = header.references(from: fields[7], count: properties.count)
        for (property, place) in zip(properties, places) {
            let column = header.table(from: place, [.reference, .byte(property.kind.flatGeobufType)])
            header.string(from: column[0], property.name)
        }
        // org, code
        let crs = header.table(from: fields[10], [.reference, .int(4326)])
        header.string(from: crs[0], "EPSG")
        header.write(into: &buffer)
    }

    func write(_ feature: Feature, into buffer: inout ByteBuffer) {
        var record = FlatBuffer()
        // geometry, properties
        let fields = record.table([feature.place == nil ? nil : .reference, .reference])
        switch feature.place {
        case .point(let longitude, let latitude):
            Self.geometry(&record, from: fields[0], Self.point, [longitude, latitude])
        case .cell(let cell): Self.outline(&record, from: fields[0], cell)
        case .area(let outline): Self.boundary(&record, from: fields[0], outline)
        case nil: break
        }
        record.data(from: fields[1], values(of: feature))
        record.write(into: &buffer)
    }

    private static func outline(_ record: inout FlatBuffer, from reference: Int, _ cell: H3Cell) {
        let polygons = CellOutline(cell).polygons
        // ends, xy, z, m, t, tm, type, parts
        let fields = record.table(from: reference, [nil, nil, nil, nil, nil, nil, .byte(multiPolygon), .reference])
        let places = record.references(from: fields[7], count: polygons.count)
        for (ring, place) in zip(polygons, places) {
            geometry(&record, from: place, polygon, ring.flatMap { [$0.longitude, $0.latitude] })
        }
    }

    /// The type of all features; 0 where they may have several.
    private static func type(of shape: FeatureShape) -> UInt8 {
        switch shape {
        case .points: point
        case .areas: 0
        case .cells, .none: multiPolygon
        }
    }

    private static func boundary(_ record: inout FlatBuffer, from reference: Int, _ outline: AreaOutline) {
        let fields = record.table(from: reference, [nil, nil, nil, nil, nil, nil, .byte(multiPolygon), .reference])
        let places = record.references(from: fields[7], count: outline.polygons.count)
        for (rings, place) in zip(outline.polygons, places) {
            // The end of each ring, counted in positions; a single ring needs none.
            var ends: [UInt32] = []
            for ring in rings { ends.append((ends.last ?? 0) + UInt32(ring.count / 2)) }
            let parts = record.table(
                from: place,
                [ends.count > 1 ? .reference : nil, .reference, nil, nil, nil, nil, .byte(polygon)])
            if ends.count > 1 { record.integers(from: parts[0], ends) }
            record.doubles(from: parts[1], rings.flatMap { $0 })
        }
    }

    private static func geometry(_ record: inout FlatBuffer, from reference: Int, _ type: UInt8, _ xy: [Double]) {
        let fields = record.table(from: reference, [nil, .reference, nil, nil, nil, nil, .byte(type)])
        record.doubles(from: fields[1], xy)
    }

    /// The number of each column and its value, without NULLs.
    private func values(of feature: Feature) -> [UInt8] {
        var bytes: [UInt8] = []
        func append(_ value: some FixedWidthInteger) {
            withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
        }
        func append(_ text: String) {
            append(UInt32(text.utf8.count))
            bytes.append(contentsOf: text.utf8)
        }
        for (number, column) in columns.enumerated() {
            let value = feature.values[column]
            guard value != .null else { continue }
            append(UInt16(number))
            switch value {
            case .text(let text), .json(let text): append(text)
            case .integer(let number): append(Int64(number))
            case .number(let number): append(number.bitPattern)
            case .truth(let truth): append(UInt8(truth ? 1 : 0))
            case .null: break
            }
        }
        return bytes
    }
}

extension FeatureProperty.Kind {
    /// The `ColumnType` of header.fbs. A day is a text, because not all readers take a date without a time for a
    /// DateTime.
    fileprivate var flatGeobufType: UInt8 {
        switch self {
        case .truth: 2
        case .integer: 7
        case .number: 10
        case .text, .day: 11
        case .object: 12
        case .instant: 13
        }
    }
}
