/// A point of the plane, or of the globe: then `x` is the longitude and `y` the latitude, in degrees.
package struct Position: Hashable, Sendable {
    package var x: Double
    package var y: Double

    package init(_ x: Double, _ y: Double) {
        self.x = x
        self.y = y
    }
}

/// A polygon. Its rings are closed: the last position is the first again.
package struct Polygon: Hashable, Sendable {
    package var shell: [Position]
    package var holes: [[Position]]

    package init(_ shell: [Position], holes: [[Position]] = []) {
        self.shell = shell
        self.holes = holes
    }

    package var rings: [[Position]] { [shell] + holes }
}

/// The geometry of a record, with the types of Simple Features. None is empty: a record without a place has no
/// geometry.
package indirect enum Geometry: Hashable, Sendable {
    case point(Position)
    case points([Position])
    case line([Position])
    case lines([[Position]])
    case polygon(Polygon)
    case polygons([Polygon])
    case collection([Geometry])

    /// The polygons, those of collections included.
    package var polygons: [Polygon] {
        switch self {
        case .polygon(let polygon): [polygon]
        case .polygons(let polygons): polygons
        case .collection(let members): members.flatMap(\.polygons)
        case .point, .points, .line, .lines: []
        }
    }

    /// The positions that belong together in a geometry.
    package enum Part {
        case points
        case line
        /// A closed ring of a polygon.
        case ring
    }

    /// The number of positions.
    package var vertexCount: Int {
        var count = 0
        forEachPart { part, _ in count += part.count }
        return count
    }

    /// Calls `body` with each ring, each line and the points.
    package func forEachPart<Failure>(_ body: ([Position], Part) throws(Failure) -> Void) throws(Failure) {
        switch self {
        case .point(let position): try body([position], .points)
        case .points(let positions): try body(positions, .points)
        case .line(let line): try body(line, .line)
        case .lines(let lines): for line in lines { try body(line, .line) }
        case .polygon(let polygon):
            try body(polygon.shell, .ring)
            for hole in polygon.holes { try body(hole, .ring) }
        case .polygons(let polygons):
            for polygon in polygons {
                try body(polygon.shell, .ring)
                for hole in polygon.holes { try body(hole, .ring) }
            }
        case .collection(let members): for member in members { try member.forEachPart(body) }
        }
    }

    /// The geometry with each ring, each line and the points replaced by what `body` makes of them.
    package func mapParts<Failure>(
        _ body: ([Position], Part) throws(Failure) -> [Position]
    ) throws(Failure) -> Geometry {
        func changed(_ parts: [[Position]], _ part: Part) throws(Failure) -> [[Position]] {
            var result: [[Position]] = []
            result.reserveCapacity(parts.count)
            for positions in parts { result.append(try body(positions, part)) }
            return result
        }
        func changed(_ polygon: Polygon) throws(Failure) -> Polygon {
            Polygon(try body(polygon.shell, .ring), holes: try changed(polygon.holes, .ring))
        }
        switch self {
        case .point(let position):
            let positions = try body([position], .points)
            return positions.count == 1 ? .point(positions[0]) : .points(positions)
        case .points(let positions): return .points(try body(positions, .points))
        case .line(let positions): return .line(try body(positions, .line))
        case .lines(let lines): return .lines(try changed(lines, .line))
        case .polygon(let polygon): return .polygon(try changed(polygon))
        case .polygons(let polygons):
            var result: [Polygon] = []
            for polygon in polygons { result.append(try changed(polygon)) }
            return .polygons(result)
        case .collection(let members):
            var result: [Geometry] = []
            for member in members { result.append(try member.mapParts(body)) }
            return .collection(result)
        }
    }

    /// The geometry with its polygons replaced by what `body` makes of all those of one member.
    package func mapPolygons(_ body: ([Polygon]) -> [Polygon]) -> Geometry {
        switch self {
        case .polygon(let polygon):
            let result = body([polygon])
            return result.count == 1 ? .polygon(result[0]) : .polygons(result)
        case .polygons(let polygons): return .polygons(body(polygons))
        case .collection(let members): return .collection(members.map { $0.mapPolygons(body) })
        case .point, .points, .line, .lines: return self
        }
    }

    /// The smallest rectangle around all positions.
    package var box: Box {
        var box = Box()
        forEachPart { part, _ in for position in part { box.extend(to: position) } }
        return box
    }
}

/// A rectangle. It has no positions while `minX` is greater than `maxX`.
package struct Box: Hashable, Sendable {
    package private(set) var minX = Double.infinity
    package private(set) var minY = Double.infinity
    package private(set) var maxX = -Double.infinity
    package private(set) var maxY = -Double.infinity

    package init() {}

    package init(_ positions: [Position]) {
        for position in positions { extend(to: position) }
    }

    package mutating func extend(to position: Position) {
        minX = min(minX, position.x)
        maxX = max(maxX, position.x)
        minY = min(minY, position.y)
        maxY = max(maxY, position.y)
    }

    package var width: Double { max(0, maxX - minX) }
    package var height: Double { max(0, maxY - minY) }

    func contains(_ other: Box) -> Bool {
        minX <= other.minX && other.maxX <= maxX && minY <= other.minY && other.maxY <= maxY
    }
}
