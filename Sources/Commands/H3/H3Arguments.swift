import H3

/// The arguments of one call, taken one by one.
///
/// An argument that is missing or of the wrong kind is the error `failed`. A text that is not an index is the error of
/// that kind of index.
struct H3Arguments {
    private var rest: ArraySlice<H3Value>

    init(_ arguments: [H3Value]) { rest = arguments[...] }

    var isEmpty: Bool { rest.isEmpty }

    mutating func cell() throws(H3Error) -> H3Cell {
        guard let cell = H3Cell(try bits(else: .cellInvalid)) else { throw .cellInvalid }
        return cell
    }

    mutating func edge() throws(H3Error) -> H3DirectedEdge {
        guard let edge = H3DirectedEdge(try bits(else: .directedEdgeInvalid)) else { throw .directedEdgeInvalid }
        return edge
    }

    mutating func vertex() throws(H3Error) -> H3Vertex {
        guard let vertex = H3Vertex(try bits(else: .vertexInvalid)) else { throw .vertexInvalid }
        return vertex
    }

    mutating func index() throws(H3Error) -> H3Index {
        guard let index = H3Index(try bits(else: .indexInvalid)) else { throw .indexInvalid }
        return index
    }

    /// Takes 64 bits as hexadecimal digits; throws `error` where the text is something else.
    mutating func bits(else error: H3Error = .failed) throws(H3Error) -> UInt64 {
        try Self.bits(try next(), else: error)
    }

    /// Takes a list of cells, without the null index, with which C fills unused places.
    mutating func cells() throws(H3Error) -> [H3Cell] {
        guard case .list(let list) = try next() else { throw .failed }
        var cells = [H3Cell]()
        for value in list {
            let bits = try Self.bits(value, else: .cellInvalid)
            guard bits != 0 else { continue }
            guard let cell = H3Cell(bits) else { throw .cellInvalid }
            cells.append(cell)
        }
        return cells
    }

    mutating func integer() throws(H3Error) -> Int { try Self.integer(try next()) }

    /// Takes a number 0...15; throws `error`, which differs between the functions of C, for another one.
    mutating func resolution(else error: H3Error = .resolutionDomain) throws(H3Error) -> Resolution {
        let number = try integer()
        guard let resolution = try? Resolution(number) else { throw error }
        return resolution
    }

    mutating func integers() throws(H3Error) -> [Int] {
        guard case .list(let list) = try next() else { throw .failed }
        var integers = [Int]()
        for value in list { integers.append(try Self.integer(value)) }
        return integers
    }

    /// Takes a number, or one of the texts "nan", "inf" and "-inf", which JSON cannot write as numbers.
    mutating func number() throws(H3Error) -> Double { try Self.number(try next()) }

    /// Takes a list of latitude and longitude in degrees.
    mutating func point() throws(H3Error) -> LatLng {
        let (latitude, longitude) = try Self.pair(try next())
        return LatLng(latitude: latitude, longitude: longitude)
    }

    /// Takes the coordinates of a GeoJSON Polygon: lines of longitude and latitude, the shell first.
    mutating func polygon() throws(H3Error) -> GeoPolygon {
        guard case .list(let rings) = try next() else { throw .failed }
        var lines = [[LatLng]]()
        for ring in rings {
            guard case .list(let positions) = ring else { throw .failed }
            var line = [LatLng]()
            for position in positions {
                let (longitude, latitude) = try Self.pair(position)
                line.append(LatLng(latitude: latitude, longitude: longitude))
            }
            lines.append(line)
        }
        return GeoPolygon(shell: lines.first ?? [], holes: Array(lines.dropFirst()))
    }

    /// Takes the name of a containment mode.
    mutating func containment() throws(H3Error) -> ContainmentMode {
        guard case .text(let name) = try next() else { throw .optionInvalid }
        switch name {
        case "center": return .center
        case "full": return .full
        case "overlapping": return .overlapping
        case "overlapping_bbox": return .overlappingBoundingBox
        default: throw .optionInvalid
        }
    }

    private mutating func next() throws(H3Error) -> H3Value {
        guard let value = rest.popFirst() else { throw .failed }
        return value
    }

    /// Parses 64 bits from hexadecimal digits; throws `error` for another text.
    private static func bits(_ value: H3Value, else error: H3Error) throws(H3Error) -> UInt64 {
        guard case .text(let hex) = value else { throw .failed }
        guard let bits = try? H3Index.bits(hex) else { throw error }
        return bits
    }

    private static func integer(_ value: H3Value) throws(H3Error) -> Int {
        guard case .integer(let integer) = value else { throw .failed }
        return integer
    }

    private static func number(_ value: H3Value) throws(H3Error) -> Double {
        switch value {
        case .integer(let integer): return Double(integer)
        case .number(let number): return number
        case .text("nan"): return .nan
        case .text("inf"): return .infinity
        case .text("-inf"): return -.infinity
        default: throw .failed
        }
    }

    private static func pair(_ value: H3Value) throws(H3Error) -> (Double, Double) {
        guard case .list(let list) = value, list.count >= 2 else { throw .failed }
        return (try number(list[0]), try number(list[1]))
    }
}
