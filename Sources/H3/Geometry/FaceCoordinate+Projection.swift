#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

// The gnomonic projection between a face's plane and the sphere, by azimuth and angular distance from the face's
// centre. Every operation is that of the reference, in the same order, so that points on a border get the same cell.
extension FaceCoordinate {
    /// The distance, in the plane that touches the sphere at a face's centre, between neighbouring cells of resolution
    /// 0.
    private static let unitLength = 0.381966011250105
    private static let inverseUnitLength = 2.618033988749896
    private static let sqrt7 = 2.6457513110645907
    private static let inverseSqrt7 = 0.37796447300922725

    /// The angle in radians between the axes of Class III and Class II resolutions: asin(sqrt(3 / 28)).
    private static let classIIITurn = 0.3334731722518321

    /// A smaller distance from the centre counts as zero.
    private static let epsilon = 1e-16

    /// The place at `resolution`, 0...15, of the cell that contains a point of the unit sphere, on the nearest face,
    /// computed like the reference.
    init(exactly point: Vector3, resolution: Int) {
        let (face, squaredChord) = Self.nearestFace(to: point)
        self.face = face
        let angle = acos(1 - squaredChord * 0.5)
        guard angle >= Self.epsilon else {
            place = GridCoordinate(i: 0, j: 0)
            return
        }
        let center = Icosahedron.center(of: face)
        let tangent = (point + center * -point.dot(center)).normalized
        let azimuth = atan2(
            tangent.dot(Icosahedron.east(of: face)), tangent.dot(Icosahedron.north(of: face)))
        var theta = Self.positive(Icosahedron.axisAzimuths[face] - Self.positive(azimuth))
        if resolution & 1 != 0 { theta = Self.positive(theta - Self.classIIITurn) }
        var radius = tan(angle) * Self.inverseUnitLength
        for _ in 0..<resolution { radius *= Self.sqrt7 }
        place = GridCoordinate(containing: PlanePoint(x: radius * cos(theta), y: radius * sin(theta)))
    }

    /// The centre of the cell at this place of `resolution`, 0...15.
    func center(resolution: Int) -> LatLng {
        Self.point(at: place.center, face: face, resolution: resolution, isVertexGrid: false).latLng
    }

    /// The point of the sphere for a point of a face's plane.
    ///
    /// `resolution`, 0...16, determines the length of a step. In the grid of vertices, which is always Class II, a step
    /// is a third of that.
    static func point(at point: PlanePoint, face: Int, resolution: Int, isVertexGrid: Bool) -> Vector3 {
        let center = Icosahedron.center(of: face)
        var radius = (point.x * point.x + point.y * point.y).squareRoot()
        guard radius >= epsilon else { return center }
        var theta = atan2(point.y, point.x)
        for _ in 0..<resolution { radius *= inverseSqrt7 }
        if isVertexGrid { radius *= 1.0 / 3.0 }
        let angle = atan(radius * unitLength)
        if !isVertexGrid, resolution & 1 != 0 { theta = positive(theta + classIIITurn) }
        let azimuth = positive(Icosahedron.axisAzimuths[face] - theta)
        let direction =
            Icosahedron.north(of: face) * cos(azimuth)
            + Icosahedron.east(of: face) * sin(azimuth)
        return (center * cos(angle) + direction * sin(angle)).normalized
    }

    /// The face whose centre is nearest to a point, and the square of the straight distance between the two.
    private static func nearestFace(to point: Vector3) -> (face: Int, squaredChord: Double) {
        var nearest = (face: 0, squaredChord: 5.0)
        for face in 0..<Icosahedron.faceCount {
            let chord = Icosahedron.center(of: face) - point
            let squared = chord.dot(chord)
            if squared < nearest.squaredChord { nearest = (face, squared) }
        }
        return nearest
    }

    /// An angle in -2 pi ..< 4 pi brought to 0 ..< 2 pi by one turn at most.
    private static func positive(_ angle: Double) -> Double {
        let turn = 6.283185307179586
        return angle < 0 ? angle + turn : angle >= turn ? angle - turn : angle
    }
}
