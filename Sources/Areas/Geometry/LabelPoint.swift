import Foundation

extension Geometry {
    /// A place for a label: the position within the largest polygon that is about the farthest from its border, to 1 %
    /// of the polygon's smaller side. It is always inside. Geometries without polygons give their centroid.
    ///
    /// The search divides squares into four and drops those that cannot hold a better position than the best so far
    /// (quadtree with branch and bound, after V. Agafonkin, "A new algorithm for finding a visual center of a polygon",
    /// 2016). Longitudes are shortened by the cosine of the latitude, so that distances are those on the ground.
    package var labelPoint: Position? {
        let joined = joinedAtAntimeridian
        let largest = joined.polygons.map { polygon in
            let area = abs(Ring.doubleArea(polygon.shell))
            return (polygon, polygon.holes.reduce(area) { $0 - abs(Ring.doubleArea($1)) })
        }.max { $0.1 < $1.1 }
        guard let polygon = largest?.0 else { return centroid }
        guard var label = LabelSearch(polygon).label ?? centroid else { return nil }
        if label.x > 180 { label.x -= 360 }
        return label
    }
}

private struct LabelSearch {
    private let rings: [[Position]]
    private let locator: RingLocator
    private let scale: Double
    private let box: Box

    private struct Square {
        let centre: Position
        let half: Double
        /// The distance of the centre from the border; negative outside.
        let distance: Double

        /// The greatest distance that a position of the square can have.
        var most: Double { distance + half * 2.0.squareRoot() }
    }

    init(_ polygon: Polygon) {
        let latitudes = Box(polygon.shell)
        let middle = (latitudes.minY + latitudes.maxY) / 2
        let scale = abs(middle) < 89 ? cos(middle * .pi / 180) : 1
        let rings = polygon.rings.map { $0.map { Position($0.x * scale, $0.y) } }
        self.scale = scale
        self.rings = rings
        locator = RingLocator(rings)
        box = Box(rings[0])
    }

    var label: Position? {
        let side = min(box.width, box.height)
        guard side > 0 else { return nil }
        let precision = side / 100
        var best = square(Position(box.minX + box.width / 2, box.minY + box.height / 2), half: 0)
        for row in crossings() where row.distance > best.distance { best = row }
        var queue: [Square] = []
        // At most 64 squares a side, however long and narrow the polygon is.
        let half = max(side, max(box.width, box.height) / 64) / 2
        for x in stride(from: box.minX + half, to: box.maxX + half, by: 2 * half) {
            for y in stride(from: box.minY + half, to: box.maxY + half, by: 2 * half) {
                queue.append(square(Position(x, y), half: half))
            }
        }
        queue.sort { $0.most < $1.most }
        var left = 2000
        while let next = queue.popLast(), left > 0 {
            left -= 1
            if next.distance > best.distance { best = next }
            guard next.most - best.distance > precision else { continue }
            let half = next.half / 2
            for (x, y) in [(-half, -half), (half, -half), (-half, half), (half, half)] {
                let part = square(Position(next.centre.x + x, next.centre.y + y), half: half)
                guard part.most - best.distance > precision else { continue }
                let place = queue.partitioningIndex { $0.most > part.most }
                queue.insert(part, at: place)
            }
        }
        guard best.distance > 0 else { return nil }
        return Position(best.centre.x / scale, best.centre.y)
    }

    /// The middles of the longest stretches inside on a few level lines. One of them is inside whatever the shape.
    private func crossings() -> [Square] {
        (1..<8).compactMap { step in
            // Not at a whole share of the height, where corners are more often than elsewhere.
            let y = box.minY + box.height * (Double(step) + 0.0137) / 8
            var xs: [Double] = []
            for ring in rings {
                for index in ring.indices.dropLast() {
                    let (from, to) = (ring[index], ring[index + 1])
                    guard (from.y > y) != (to.y > y) else { continue }
                    xs.append(from.x + (y - from.y) / (to.y - from.y) * (to.x - from.x))
                }
            }
            xs.sort()
            var longest: (from: Double, to: Double)?
            for index in stride(from: 0, to: xs.count - 1, by: 2)
            where xs[index + 1] - xs[index] > longest.map({ $0.to - $0.from }) ?? 0 {
                longest = (xs[index], xs[index + 1])
            }
            return longest.map { square(Position(($0.from + $0.to) / 2, y), half: 0) }
        }
    }

    private func square(_ centre: Position, half: Double) -> Square {
        var least = Double.infinity
        for ring in rings {
            for index in ring.indices.dropLast() {
                least = min(least, squaredDistance(centre, ring[index], ring[index + 1]))
            }
        }
        let isInside = locator.place(of: centre) == .inside
        return Square(centre: centre, half: half, distance: (isInside ? 1 : -1) * least.squareRoot())
    }

    private func squaredDistance(_ point: Position, _ from: Position, _ to: Position) -> Double {
        let (x, y) = (to.x - from.x, to.y - from.y)
        let length = x * x + y * y
        let share = length == 0 ? 0 : max(0, min(1, ((point.x - from.x) * x + (point.y - from.y) * y) / length))
        let (dx, dy) = (point.x - from.x - share * x, point.y - from.y - share * y)
        return dx * dx + dy * dy
    }
}

extension Array {
    /// The index of the first element of a sorted array for which `isAfter` holds.
    fileprivate func partitioningIndex(_ isAfter: (Element) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if isAfter(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
