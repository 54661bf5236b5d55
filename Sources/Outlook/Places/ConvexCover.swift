import Foundation
import H3

/// The convex hull of points on the sphere, and the cells whose centre is in it.
///
/// The hull is the intersection of all hemispheres that contain the points, so its edges are great circles and neither
/// the antimeridian nor a pole is special. It exists only where the points are within `widest` of their mean direction;
/// for others every place is inside.
struct ConvexCover {
    /// The largest angle between a point and the mean direction, in radians: 80 degrees.
    static let widest = 80 * Double.pi / 180
    /// The slack of the test whether a point is on the inner side of an edge, as the sine of an angle: 6 micrometres on
    /// the Earth.
    private static let slack = 1e-12
    /// The Earth's mean radius in km, by which H3's average edge lengths are stated.
    private static let earthRadiusKm = 6371.007180918475

    /// The poles of the edges: a point is inside where its product with each is not negative. Empty for a single point
    /// or the whole sphere.
    private let normals: [SIMD3<Double>]
    private let axis: SIMD3<Double>
    /// The cosine of the largest angle between a point and the axis; -2 for the whole sphere.
    private let reach: Double
    private let isPoint: Bool

    /// - Parameter points: Unit vectors, at least one.
    init(_ points: [SIMD3<Double>]) {
        let sum = points.reduce(SIMD3<Double>.zero, +)
        let length = Self.dot(sum, sum).squareRoot()
        let middle = length > 1e-9 * Double(points.count) ? sum / length : SIMD3(0, 0, 1)
        let nearest = points.reduce(1.0) { min($0, Self.dot($1, middle)) }
        axis = middle
        guard nearest >= cos(Self.widest), length > 1e-9 * Double(points.count) else {
            normals = []
            reach = -2
            isPoint = false
            return
        }
        reach = nearest
        // On the plane that touches the sphere at the middle, great circles are straight lines (gnomonic projection).
        let aside = abs(middle.z) < 0.9 ? SIMD3<Double>(0, 0, 1) : SIMD3<Double>(1, 0, 0)
        let east = Self.unit(Self.cross(aside, middle))
        let north = Self.cross(middle, east)
        let plane = points.map { point in
            let depth = Self.dot(point, middle)
            return PlaneVertex(x: Self.dot(point, east) / depth, y: Self.dot(point, north) / depth, point: point)
        }
        let corners = Self.hull(plane)
        isPoint = corners.count == 1
        switch corners.count {
        case 1: normals = []
        case 2:
            // Both sides of the great circle, and the two ends of the arc.
            let side = Self.unit(Self.cross(corners[0], corners[1]))
            normals = [side, -side, Self.cross(side, corners[0]), Self.cross(corners[1], side)]
        default:
            normals = corners.indices.map { index in
                Self.unit(Self.cross(corners[index], corners[(index + 1) % corners.count]))
            }
        }
    }

    /// Whether a unit vector is in the hull, or on its edge.
    func contains(_ point: SIMD3<Double>) -> Bool {
        !isPoint && normals.allSatisfy { Self.dot($0, point) >= -Self.slack }
    }

    /// Whether a unit vector may be within `margin` radians of the hull. Some farther ones are taken, too.
    private func mayBeNear(_ point: SIMD3<Double>, _ margin: Double) -> Bool {
        guard reach > -2 else { return true }
        guard Self.dot(point, axis) >= cos(min(.pi, acos(min(1, reach)) + margin)) else { return false }
        return normals.allSatisfy { Self.dot($0, point) >= -sin(min(margin, .pi / 2)) - Self.slack }
    }

    /// The cells with their centre in the hull of the centres of `seeds`, together with the seeds, in no order.
    ///
    /// Cells are found from neighbour to neighbour. The cells that the hull touches hang together, and their centres
    /// are no farther from it than a cell's corner from its centre, so all of them are walked through and none is
    /// missed, however thin the hull is. Time grows with the cells walked through.
    ///
    /// - Throws: `OutlookError.tooManyCells` above `limit` cells.
    static func cells(around seeds: Set<H3Cell>, resolution: Resolution, limit: Int) throws -> Set<H3Cell> {
        guard seeds.count <= limit else { throw OutlookError.tooManyCells(limit: limit, resolution: resolution) }
        let cover = ConvexCover(seeds.map(Self.center))
        // A corner of the largest cell is less than two average edges away from its centre.
        let margin = 2 * H3Cell.averageHexagonEdgeLengthKm(at: resolution) / earthRadiusKm
        var found = seeds
        var met = seeds
        var waiting = Array(seeds)
        while let cell = waiting.popLast() {
            for other in try cell.gridDisk(1) where met.insert(other).inserted {
                let point = Self.center(of: other)
                guard cover.mayBeNear(point, margin) else { continue }
                waiting.append(other)
                if cover.contains(point) { found.insert(other) }
            }
            guard found.count <= limit, met.count <= 4 * limit + 64 else {
                throw OutlookError.tooManyCells(limit: limit, resolution: resolution)
            }
        }
        return found
    }

    private static func center(of cell: H3Cell) -> SIMD3<Double> {
        let place = cell.center
        let flat = cos(place.latitudeRadians)
        return SIMD3(
            flat * cos(place.longitudeRadians), flat * sin(place.longitudeRadians), sin(place.latitudeRadians))
    }

    /// The corners of the hull in the plane, counter-clockwise: Andrew's monotone chain. Two where all are in a line.
    private static func hull(_ vertices: [PlaneVertex]) -> [SIMD3<Double>] {
        let sorted = vertices.sorted { ($0.x, $0.y) < ($1.x, $1.y) }
        func chain(_ vertices: some Sequence<PlaneVertex>) -> [PlaneVertex] {
            var chain: [PlaneVertex] = []
            for vertex in vertices {
                while chain.count > 1, vertex.turn(from: chain[chain.count - 2], over: chain[chain.count - 1]) <= 0 {
                    chain.removeLast()
                }
                if let last = chain.last, last.x == vertex.x, last.y == vertex.y { continue }
                chain.append(vertex)
            }
            return chain
        }
        let lower = chain(sorted)
        guard lower.count > 1 else { return lower.map(\.point) }
        return (lower.dropLast() + chain(sorted.reversed()).dropLast()).map(\.point)
    }

    private struct PlaneVertex {
        let x: Double
        let y: Double
        let point: SIMD3<Double>

        /// Twice the area of the triangle from `first` over `second` to this vertex; positive for a turn to the left.
        func turn(from first: Self, over second: Self) -> Double {
            (second.x - first.x) * (y - first.y) - (second.y - first.y) * (x - first.x)
        }
    }

    private static func dot(_ left: SIMD3<Double>, _ right: SIMD3<Double>) -> Double { (left * right).sum() }

    private static func unit(_ vector: SIMD3<Double>) -> SIMD3<Double> { vector / dot(vector, vector).squareRoot() }

    private static func cross(_ left: SIMD3<Double>, _ right: SIMD3<Double>) -> SIMD3<Double> {
        SIMD3(
            left.y * right.z - left.z * right.y, left.z * right.x - left.x * right.z,
            left.x * right.y - left.y * right.x)
    }
}
