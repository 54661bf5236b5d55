extension Geometry {
    /// The centroid: of the polygons if there are any, else of the lines, else of the points.
    ///
    /// It is that of the plane of longitude and latitude, as PostGIS and GEOS compute it. A geometry that is cut at the
    /// antimeridian is put together for it.
    package var centroid: Position? {
        let joined = joinedAtAntimeridian
        var sum = Moments()
        joined.add(to: &sum)
        guard var centroid = sum.centroid else { return nil }
        if centroid.x > 180 { centroid.x -= 360 }
        return centroid
    }

    /// The geometry with its western longitudes a turn on, if it is narrower so.
    var joinedAtAntimeridian: Geometry {
        guard box.minX >= -180, box.maxX <= 180, box.width > 180 else { return self }
        let moved = mapParts { part, _ in part.map { Position($0.x < 0 ? $0.x + 360 : $0.x, $0.y) } }
        return moved.box.width < box.width ? moved : self
    }

    private func add(to sum: inout Moments) {
        switch self {
        case .point(let position): sum.add([position])
        case .points(let positions): sum.add(positions)
        case .line(let line): sum.add(line: line)
        case .lines(let lines): for line in lines { sum.add(line: line) }
        case .polygon(let polygon): sum.add(polygon)
        case .polygons(let polygons): for polygon in polygons { sum.add(polygon) }
        case .collection(let members): for member in members { member.add(to: &sum) }
        }
    }
}

/// Sums of areas, lengths and counts, each with the positions that they weigh.
private struct Moments {
    private struct Sum {
        var weight = 0.0
        var x = 0.0
        var y = 0.0

        mutating func add(_ weight: Double, _ x: Double, _ y: Double) {
            self.weight += weight
            self.x += weight * x
            self.y += weight * y
        }
    }

    private var areas = Sum()
    private var lengths = Sum()
    private var points = Sum()
    /// The first position: sums are relative to it, so that far-away coordinates lose no digits.
    private var origin: Position?

    var centroid: Position? {
        guard let origin else { return nil }
        let sum = areas.weight != 0 ? areas : lengths.weight != 0 ? lengths : points
        return sum.weight == 0 ? nil : Position(origin.x + sum.x / sum.weight, origin.y + sum.y / sum.weight)
    }

    mutating func add(_ positions: [Position]) {
        for position in positions {
            let (x, y) = relative(position)
            points.add(1, x, y)
        }
    }

    mutating func add(line: [Position]) {
        add(line)
        for index in line.indices.dropLast() {
            let (fromX, fromY) = relative(line[index])
            let (toX, toY) = relative(line[index + 1])
            let length = ((toX - fromX) * (toX - fromX) + (toY - fromY) * (toY - fromY)).squareRoot()
            lengths.add(length, (fromX + toX) / 2, (fromY + toY) / 2)
        }
    }

    mutating func add(_ polygon: Polygon) {
        add(ring: polygon.shell, isHole: false)
        for hole in polygon.holes { add(ring: hole, isHole: true) }
    }

    private mutating func add(ring: [Position], isHole: Bool) {
        add(line: ring)
        var sum = Sum()
        for index in ring.indices.dropLast() {
            let (fromX, fromY) = relative(ring[index])
            let (toX, toY) = relative(ring[index + 1])
            sum.add(fromX * toY - toX * fromY, (fromX + toX) / 3, (fromY + toY) / 3)
        }
        let sign: Double = (sum.weight < 0) == isHole ? 1 : -1
        areas.weight += sign * sum.weight
        areas.x += sign * sum.x
        areas.y += sign * sum.y
    }

    private mutating func relative(_ position: Position) -> (Double, Double) {
        guard let origin else {
            origin = position
            return (0, 0)
        }
        return (position.x - origin.x, position.y - origin.y)
    }
}
