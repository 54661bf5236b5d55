import Formats
import NIOCore

/// Writes FlatGeobuf 3 without an index. Numbers of fields and types are those of header.fbs and feature.fbs.
struct FlatGeobufOutput: FeatureOutput {
    private static let magic: [UInt8] = Array("fgb".utf8) + [3] + Array("fgb".utf8) + [0]

    private let name: String
    private let schema: LayerSchema
    private let places: [String: Int]

    /// - Parameter name: The name of the layer.
    init(_ schema: LayerSchema, name: String) {
        self.schema = schema
        self.name = name
        places = Dictionary(uniqueKeysWithValues: schema.columns.enumerated().map { ($1.name, $0) })
    }

    func begin(into buffer: inout ByteBuffer) {
        buffer.writeBytes(Self.magic)
        var header = FlatBuffer()
        // name, envelope, geometry_type, has_z, has_m, has_t, has_tm, columns, features_count, index_node_size, crs
        let fields = header.table([
            .reference, nil, .byte(layerType), nil, nil, nil, nil, .reference, .long(UInt64(schema.recordCount)),
            .short(0), .reference,
        ])
        header.string(from: fields[0], name)
        let columns = header.references(from: fields[7], count: schema.columns.count)
        for (column, place) in zip(schema.columns, columns) {
            let fields = header.table(from: place, [.reference, .byte(column.kind.flatGeobufType)])
            header.string(from: fields[0], column.name)
        }
        // org, code
        let crs = header.table(from: fields[10], [.reference, .int(4326)])
        header.string(from: crs[0], "EPSG")
        header.write(into: &buffer)
    }

    func write(_ record: AreaRecord, into buffer: inout ByteBuffer) {
        var feature = FlatBuffer()
        // geometry, properties
        let fields = feature.table([record.geometry == nil ? nil : .reference, .reference])
        if let geometry = record.geometry { write(geometry, from: fields[0], in: &feature) }
        feature.data(from: fields[1], values(of: record))
        feature.write(into: &buffer)
    }

    func end(into buffer: inout ByteBuffer) {}

    private var layerType: UInt8 {
        switch schema.shape {
        case .point: 1
        case .points: 4
        case .lines: 5
        case .polygons: 6
        case .mixed, nil: 0
        }
    }

    /// Writes a geometry, as the type of the layer if it has one.
    private func write(_ geometry: Geometry, from reference: Int, in feature: inout FlatBuffer) {
        let isMixed = schema.shape == .mixed
        switch geometry {
        case .point(let position):
            let isPoint = isMixed || schema.shape == .point
            write([[position]], isPoint ? 1 : 4, hasEnds: false, from: reference, in: &feature)
        case .points(let positions): write([positions], 4, hasEnds: false, from: reference, in: &feature)
        case .line(let line):
            if isMixed {
                write([line], 2, hasEnds: false, from: reference, in: &feature)
            } else {
                write([line], 5, hasEnds: true, from: reference, in: &feature)
            }
        case .lines(let lines): write(lines, 5, hasEnds: true, from: reference, in: &feature)
        case .polygon(let polygon):
            if isMixed {
                write(polygon.rings, 3, hasEnds: polygon.holes.count > 0, from: reference, in: &feature)
            } else {
                write(polygons: [polygon], from: reference, in: &feature)
            }
        case .polygons(let polygons): write(polygons: polygons, from: reference, in: &feature)
        case .collection(let members):
            let parts = parts(members.count, 7, from: reference, in: &feature)
            for (member, place) in zip(members, parts) { write(member, from: place, in: &feature) }
        }
    }

    private func write(polygons: [Polygon], from reference: Int, in feature: inout FlatBuffer) {
        let parts = parts(polygons.count, 6, from: reference, in: &feature)
        for (polygon, place) in zip(polygons, parts) {
            write(polygon.rings, 3, hasEnds: polygon.holes.count > 0, from: place, in: &feature)
        }
    }

    private func parts(_ count: Int, _ type: UInt8, from reference: Int, in feature: inout FlatBuffer) -> [Int] {
        // ends, xy, z, m, t, tm, type, parts
        let fields = feature.table(from: reference, [nil, nil, nil, nil, nil, nil, .byte(type), .reference])
        return feature.references(from: fields[7], count: count)
    }

    private func write(
        _ lists: [[Position]], _ type: UInt8, hasEnds: Bool, from reference: Int, in feature: inout FlatBuffer
    ) {
        let fields = feature.table(
            from: reference, [hasEnds ? .reference : nil, .reference, nil, nil, nil, nil, .byte(type)])
        if hasEnds {
            var end: UInt32 = 0
            feature.integers(
                from: fields[0],
                lists.map { list in
                    end += UInt32(list.count)
                    return end
                })
        }
        var numbers: [Double] = []
        numbers.reserveCapacity(2 * lists.reduce(0) { $0 + $1.count })
        for list in lists {
            for position in list {
                numbers.append(position.x)
                numbers.append(position.y)
            }
        }
        feature.doubles(from: fields[1], numbers)
    }

    /// The number of each column and its value, without nulls.
    private func values(of record: AreaRecord) -> [UInt8] {
        var bytes: [UInt8] = []
        func append(_ value: some FixedWidthInteger) {
            withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
        }
        func append(_ text: String) {
            append(UInt32(text.utf8.count))
            bytes.append(contentsOf: text.utf8)
        }
        for property in record.properties {
            guard property.value != .null, let place = places[property.name] else { continue }
            append(UInt16(place))
            switch (schema.columns[place].kind, property.value) {
            case (.integer, .integer(let number)): append(Int64(number))
            case (.number, .integer(let number)): append(Double(number).bitPattern)
            case (.number, .number(let number)): append(number.bitPattern)
            case (.truth, .truth(let truth)): append(UInt8(truth ? 1 : 0))
            case (_, .text(let text)), (_, .json(let text)): append(text)
            // A column with values of several kinds is one of texts.
            case (_, .integer(let number)): append(String(number))
            case (_, .number(let number)): append(String(number))
            case (_, .truth(let truth)): append(truth ? "true" : "false")
            case (_, .null): break
            }
        }
        return bytes
    }
}

extension FeatureProperty.Kind {
    /// The `ColumnType` of header.fbs.
    fileprivate var flatGeobufType: UInt8 {
        switch self {
        case .truth: 2
        case .integer: 7
        case .number: 10
        case .text, .day, .instant: 11
        case .object: 12
        }
    }
}
