import Domain

extension FilterParser {
    /// Parses the arguments of `S_INTERSECTS`: the geometry and a shape, in either order.
    mutating func intersection() throws(FilterFault) -> FeatureFilter.Shape {
        try expect(sign: "(")
        let isFirst = try takeGeometry()
        if isFirst { try expect(sign: ",") }
        let shape = try shape()
        if !isFirst {
            try expect(sign: ",")
            guard try takeGeometry() else { throw unexpected("geometry") }
        }
        try expect(sign: ")")
        return shape
    }

    private mutating func takeGeometry() throws(FilterFault) -> Bool {
        switch token.kind {
        case .word("geometry"), .word("geom"), .name("geometry"), .name("geom"):
            try advance()
            return true
        default: return false
        }
    }

    private mutating func shape() throws(FilterFault) -> FeatureFilter.Shape {
        if try take(word: "POINT") {
            _ = try take(word: "Z")
            try expect(sign: "(")
            let position = try position()
            try expect(sign: ")")
            return .point(position)
        }
        if try take(word: "POLYGON") {
            _ = try take(word: "Z")
            return .polygon(DrawnPolygon(polygons: [try rings()]))
        }
        if try take(word: "MULTIPOLYGON") {
            _ = try take(word: "Z")
            try expect(sign: "(")
            var polygons = [try rings()]
            while try take(sign: ",") { polygons.append(try rings()) }
            try expect(sign: ")")
            return .polygon(DrawnPolygon(polygons: polygons))
        }
        if try take(word: "BBOX") { return .polygon(try box()) }
        throw unexpected("POINT, POLYGON, MULTIPOLYGON or BBOX")
    }

    private mutating func rings() throws(FilterFault) -> [[DrawnPolygon.Position]] {
        try expect(sign: "(")
        var rings = [try ring()]
        while try take(sign: ",") { rings.append(try ring()) }
        try expect(sign: ")")
        return rings
    }

    private mutating func ring() throws(FilterFault) -> [DrawnPolygon.Position] {
        let start = token.position
        try expect(sign: "(")
        var ring = [try position()]
        while try take(sign: ",") { ring.append(try position()) }
        try expect(sign: ")")
        guard ring.count >= 4, ring.first == ring.last else {
            throw FilterFault(
                position: start, message: "a ring needs four positions or more, and must end where it begins")
        }
        return ring
    }

    /// Parses longitude and latitude; a height is allowed and ignored.
    private mutating func position() throws(FilterFault) -> DrawnPolygon.Position {
        let start = token.position
        let (longitude, latitude) = (try number(), try number())
        if case .number = token.kind { try advance() }
        guard (-180...180).contains(longitude), (-90...90).contains(latitude) else {
            throw FilterFault(position: start, message: "longitude and latitude in degrees are expected here")
        }
        return DrawnPolygon.Position(longitude: longitude, latitude: latitude)
    }

    /// Parses a box: west, south, east and north; west above east crosses the antimeridian. Of six numbers the third
    /// and the last are heights, which are ignored.
    private mutating func box() throws(FilterFault) -> DrawnPolygon {
        let start = token.position
        try expect(sign: "(")
        var numbers = [try number()]
        while try take(sign: ","), numbers.count < 6 { numbers.append(try number()) }
        try expect(sign: ")")
        if numbers.count == 6 { numbers = [numbers[0], numbers[1], numbers[3], numbers[4]] }
        guard numbers.count == 4,
            let box = BoundingBox(west: numbers[0], south: numbers[1], east: numbers[2], north: numbers[3])
        else { throw FilterFault(position: start, message: "west, south, east and north in degrees are expected here") }
        return DrawnPolygon(polygons: box.polygons)
    }

    private mutating func number() throws(FilterFault) -> Double {
        guard case .number(let number) = token.kind else { throw unexpected("a number") }
        try advance()
        return number
    }
}

extension BoundingBox {
    /// The rectangle of the box, or two for a box across the antimeridian.
    fileprivate var polygons: [[[DrawnPolygon.Position]]] {
        func rectangle(_ west: Double, _ east: Double) -> [[DrawnPolygon.Position]] {
            [
                [(west, south), (east, south), (east, north), (west, north), (west, south)].map {
                    DrawnPolygon.Position(longitude: $0.0, latitude: $0.1)
                }
            ]
        }
        return west <= east ? [rectangle(west, east)] : [rectangle(west, 180), rectangle(-180, east)]
    }
}
