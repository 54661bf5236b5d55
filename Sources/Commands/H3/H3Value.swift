import Foundation
import H3

/// A JSON value of a line of `hextant h3 call`.
enum H3Value: Codable {
    case null
    case boolean(Bool)
    case integer(Int)
    case number(Double)
    case text(String)
    case list([H3Value])

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let boolean = try? container.decode(Bool.self) {
            self = .boolean(boolean)
        } else if let integer = try? container.decode(Int.self) {
            self = .integer(integer)
        } else if let number = try? container.decode(Double.self) {
            self = .number(number)
        } else if let text = try? container.decode(String.self) {
            self = .text(text)
        } else {
            self = .list(try container.decode([H3Value].self))
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .boolean(let boolean): try container.encode(boolean)
        case .integer(let integer): try container.encode(integer)
        case .number(let number): try container.encode(number)
        case .text(let text): try container.encode(text)
        case .list(let list): try container.encode(list)
        }
    }

    /// An index as hexadecimal digits.
    static func index(_ bits: UInt64) -> H3Value { .text(String(bits, radix: 16)) }

    static func cells(_ cells: [H3Cell]) -> H3Value { .list(cells.map { index($0.bits) }) }

    /// A point as latitude and longitude in degrees.
    static func point(_ point: LatLng) -> H3Value { .list([.number(point.latitude), .number(point.longitude)]) }

    static func points(_ points: some Sequence<LatLng>) -> H3Value { .list(points.map(point)) }

    /// The coordinates of a GeoJSON MultiPolygon: longitude first, lines closed.
    static func multiPolygon(_ polygons: [GeoPolygon]) -> H3Value {
        .list(polygons.map { polygon in .list(([polygon.shell] + polygon.holes).map(ring)) })
    }

    private static func ring(_ line: [LatLng]) -> H3Value {
        .list((line + line.prefix(1)).map { .list([.number($0.longitude), .number($0.latitude)]) })
    }
}
