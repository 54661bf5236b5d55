import Formats

/// A feature or geometry as its members come, in whatever order.
struct GeoJSONObject {
    private(set) var type: String?
    private(set) var id = PropertyValue.null
    private(set) var properties: [AreaRecord.Property] = []
    private var geometry: Geometry?
    private var coordinates: Coordinates?
    private var members: [Geometry]?
    private let limits: AreaLimits
    private var allowance: RecordAllowance

    init(_ limits: AreaLimits) {
        self.limits = limits
        allowance = RecordAllowance(limits)
    }

    private static let geometryTypes: Set<String> = [
        "Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon", "GeometryCollection",
    ]

    /// Whether an object at the top of a file is a record.
    var isWanted: Bool { type == "Feature" || (type.map(Self.geometryTypes.contains) ?? false) }

    /// Takes an object. Returns whether it stopped within its array of features.
    mutating func read(_ json: JSONStream, depth: Int, stopsAtFeatures: Bool) throws(Fault) -> Bool {
        try json.check(depth)
        try json.expect(UInt8(ascii: "{"))
        if try json.take(UInt8(ascii: "}")) { return false }
        repeat {
            let name = try json.string()
            try json.expect(UInt8(ascii: ":"))
            switch name {
            case "type" where try json.peekToken() == UInt8(ascii: "\""): type = try json.string()
            case "features" where stopsAtFeatures:
                try json.expect(UInt8(ascii: "["))
                return true
            case "id": id = try identifier(json, depth)
            case "properties": try readProperties(json, depth + 1)
            case "geometry": geometry = try shape(json, depth + 1)
            case "coordinates": coordinates = try Coordinates(json, &allowance)
            case "geometries": members = try shapes(json, depth + 1)
            default: try json.skip(depth: depth + 1)
            }
        } while try json.take(UInt8(ascii: ","))
        try json.expect(UInt8(ascii: "}"))
        return false
    }

    /// The geometry of the feature, or the one that the object itself is; nil without one.
    func shape() throws(Fault) -> Geometry? {
        guard let type, type != "Feature" else { return geometry }
        return try ownShape(type)
    }

    private func ownShape(_ type: String) throws(Fault) -> Geometry? {
        guard Self.geometryTypes.contains(type) else {
            throw Fault("has the geometry type \"\(type)\", which is unknown")
        }
        if type == "GeometryCollection" { return members.flatMap { $0.isEmpty ? nil : .collection($0) } }
        guard let coordinates else { throw Fault("has a \(type) without coordinates") }
        return try coordinates.geometry(type)
    }

    private mutating func shape(_ json: JSONStream, _ depth: Int) throws(Fault) -> Geometry? {
        if try json.peekToken() == UInt8(ascii: "n") {
            try json.word("null")
            return nil
        }
        var object = GeoJSONObject(limits)
        object.allowance = allowance
        _ = try object.read(json, depth: depth, stopsAtFeatures: false)
        allowance = object.allowance
        guard let type = object.type else { throw Fault("has a geometry without a type") }
        return try object.ownShape(type)
    }

    private mutating func shapes(_ json: JSONStream, _ depth: Int) throws(Fault) -> [Geometry] {
        var shapes: [Geometry] = []
        try json.check(depth)
        try json.expect(UInt8(ascii: "["))
        if try json.take(UInt8(ascii: "]")) { return [] }
        repeat {
            try allowance.add(parts: 1)
            if let shape = try shape(json, depth + 1) { shapes.append(shape) }
        } while try json.take(UInt8(ascii: ","))
        try json.expect(UInt8(ascii: "]"))
        return shapes
    }

    private func identifier(_ json: JSONStream, _ depth: Int) throws(Fault) -> PropertyValue {
        let value = try Self.value(json, depth + 1)
        return switch value {
        case .text, .integer: value
        case .number(let number): .text("\(number)")
        case .truth, .json, .null: .null
        }
    }

    private mutating func readProperties(_ json: JSONStream, _ depth: Int) throws(Fault) {
        if try json.peekToken() == UInt8(ascii: "n") { return try json.word("null") }
        var found: [AreaRecord.Property] = []
        var places: [String: Int] = [:]
        try json.members(depth: depth) { (name) throws(Fault) in
            let property = AreaRecord.Property(name, try Self.value(json, depth + 1))
            // A name that stands twice has the last value, as other readers have it.
            if let place = places[name] {
                found[place] = property
            } else {
                places[name] = found.count
                found.append(property)
            }
            guard found.count <= limits.mostColumns else {
                throw Fault("has more than \(limits.mostColumns) properties", .limit)
            }
        }
        properties = found
    }

    private static func value(_ json: JSONStream, _ depth: Int) throws(Fault) -> PropertyValue {
        switch try json.peekToken() {
        case UInt8(ascii: "\""): return .text(try json.string())
        case UInt8(ascii: "t"):
            try json.word("true")
            return .truth(true)
        case UInt8(ascii: "f"):
            try json.word("false")
            return .truth(false)
        case UInt8(ascii: "n"):
            try json.word("null")
            return .null
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            var text: [UInt8] = []
            try json.raw(into: &text, depth: depth)
            guard let text = String(validating: text, as: UTF8.self) else { throw Fault("has text that is not UTF-8") }
            return .json(text)
        default:
            let text = try json.numberText()
            if let integer = Int(String(decoding: text, as: UTF8.self)) { return .integer(integer) }
            guard let number = NumberText.double(text) else { throw Fault("has a number that is out of range") }
            return .number(number)
        }
    }
}

/// The coordinates of a geometry, whose depth tells what they can be.
private struct Coordinates {
    /// The number of brackets around a number: 1 for a position, 4 for several polygons. 0 when there are no numbers.
    private var depth = 0
    private var polygons: [[[Position]]] = []

    init(_ json: JSONStream, _ allowance: inout RecordAllowance) throws(Fault) {
        var rings: [[Position]] = []
        var positions: [Position] = []
        var level = 0
        var isAfterValue = false
        repeat {
            guard let byte = try json.peekToken() else { throw try json.unexpected() }
            switch byte {
            case UInt8(ascii: "[") where !isAfterValue && level < 4:
                json.advance()
                level += 1
                guard let next = try json.peekToken() else { throw try json.unexpected() }
                guard next == UInt8(ascii: "-") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(next) else { break }
                guard depth == 0 || depth == level else { throw Fault("has positions nested to different depths") }
                depth = level
                try allowance.add(vertices: 1)
                positions.append(try Self.position(json))
                level -= 1
                isAfterValue = true
            case UInt8(ascii: ",") where isAfterValue && level > 0:
                json.advance()
                isAfterValue = false
                // A comma promises a value.
                guard try json.peekToken() == UInt8(ascii: "[") else { throw try json.unexpected() }
            case UInt8(ascii: "]") where level > 0:
                json.advance()
                level -= 1
                isAfterValue = true
                if level == depth - 2, depth > 1 {
                    try allowance.add(parts: 1)
                    rings.append(positions)
                    positions = []
                } else if level == depth - 3, depth > 2 {
                    polygons.append(rings)
                    rings = []
                }
            default: throw try json.unexpected()
            }
        } while level > 0
        if !positions.isEmpty { rings.append(positions) }
        if !rings.isEmpty { polygons.append(rings) }
    }

    /// Takes the numbers of a position and its closing bracket. Heights are left out.
    private static func position(_ json: JSONStream) throws(Fault) -> Position {
        let x = try json.number()
        try json.expect(UInt8(ascii: ","))
        let y = try json.number()
        while try json.take(UInt8(ascii: ",")) { _ = try json.number() }
        try json.expect(UInt8(ascii: "]"))
        return Position(x, y)
    }

    func geometry(_ type: String) throws(Fault) -> Geometry? {
        guard depth > 0 else { return nil }
        let wanted = ["Point": 1, "MultiPoint": 2, "LineString": 2, "MultiLineString": 3, "Polygon": 3][type] ?? 4
        guard depth == wanted else {
            throw Fault("has a \(type) with coordinates nested \(depth) deep instead of \(wanted)")
        }
        let rings = polygons[0]
        switch type {
        case "Point": return .point(rings[0][0])
        case "MultiPoint": return .points(rings[0])
        case "LineString":
            guard rings[0].count > 1 else { throw Fault("has a LineString of one position") }
            return .line(rings[0])
        case "MultiLineString":
            let lines = rings.filter { $0.count > 1 }
            return lines.isEmpty ? nil : .lines(lines)
        case "Polygon": return try Self.polygon(rings).map(Geometry.polygon)
        default:
            var whole: [Polygon] = []
            for rings in polygons { if let polygon = try Self.polygon(rings) { whole.append(polygon) } }
            return whole.isEmpty ? nil : .polygons(whole)
        }
    }

    /// The polygon of some rings, the first of which is the outer one (RFC 7946, section 3.1.6).
    private static func polygon(_ rings: [[Position]]) throws(Fault) -> Polygon? {
        let rings = rings.map(Ring.closed)
        guard let shell = rings.first, !shell.isEmpty else { return nil }
        guard shell.count >= 4 else { throw Fault("has a polygon whose outer ring has fewer than four positions") }
        return Polygon(shell, holes: Array(rings.dropFirst()))
    }
}
