/// The features of a tile's layers, read by the Mapbox Vector Tile specification 2.1.
struct VectorTile {
    enum Value: Hashable {
        case string(String)
        case double(Double)
        case integer(Int64)
        case bool(Bool)
    }

    struct Layer {
        var name = ""
        var extent: UInt64 = 0
        var features: [[String: Value]] = []
        /// The points of each feature's geometry in order, in the tile's grid with y pointing down.
        var ordinates: [[(x: Int64, y: Int64)]] = []
    }

    let layers: [Layer]

    init(_ bytes: [UInt8]) {
        layers = ProtobufField.fields(of: bytes[...]).filter { $0.number == 3 }.map { Self.layer($0.bytes) }
    }

    private static func layer(_ bytes: ArraySlice<UInt8>) -> Layer {
        let fields = ProtobufField.fields(of: bytes)
        let keys = fields.filter { $0.number == 3 }.map { String(decoding: $0.bytes, as: UTF8.self) }
        let values = fields.filter { $0.number == 4 }.compactMap { value($0.bytes) }
        var layer = Layer()
        for field in fields {
            switch field.number {
            case 1: layer.name = String(decoding: field.bytes, as: UTF8.self)
            case 2:
                let tags = ProtobufField.fields(of: field.bytes).filter { $0.number == 2 }
                    .flatMap { ProtobufField.integers(of: $0.bytes) }.map(Int.init)
                var feature: [String: Value] = [:]
                for pair in stride(from: 0, to: tags.count, by: 2) {
                    feature[keys[tags[pair]]] = values[tags[pair + 1]]
                }
                layer.features.append(feature)
                let geometry = ProtobufField.fields(of: field.bytes).filter { $0.number == 4 }
                layer.ordinates.append(points(geometry.flatMap { ProtobufField.integers(of: $0.bytes) }))
            case 5: layer.extent = field.integer
            default: break
            }
        }
        return layer
    }

    /// Follows the moves and lines as in section 4.3.
    private static func points(_ commands: [UInt64]) -> [(x: Int64, y: Int64)] {
        var points: [(x: Int64, y: Int64)] = []
        var rest = commands[...]
        while let command = rest.popFirst() {
            guard command & 7 != 7 else { continue }
            for _ in 0..<(command >> 3) {
                let step = rest.prefix(2).map { Int64($0 >> 1) ^ -Int64($0 & 1) }
                rest = rest.dropFirst(2)
                let last = points.last ?? (0, 0)
                points.append((last.x + step[0], last.y + step[1]))
            }
        }
        return points
    }

    private static func value(_ bytes: ArraySlice<UInt8>) -> Value? {
        guard let field = ProtobufField.fields(of: bytes).first else { return nil }
        return switch field.number {
        case 1: .string(String(decoding: field.bytes, as: UTF8.self))
        case 2: .double(Double(Float(bitPattern: UInt32(truncatingIfNeeded: field.integer))))
        case 3: .double(Double(bitPattern: field.integer))
        case 4, 5: .integer(Int64(bitPattern: field.integer))
        case 6: .integer(Int64(field.integer >> 1) ^ -Int64(field.integer & 1))
        case 7: .bool(field.integer != 0)
        default: nil
        }
    }
}
