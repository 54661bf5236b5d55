import Testing

@testable import H3

/// The projection without trigonometry may give up, but never differ from the reference's arithmetic.
struct QuickProjectionTests {
    @Test(arguments: Resolution.allCases)
    func equalsTheExactProjectionWhereItAnswers(resolution: Resolution) {
        var answered = 0
        for point in RandomPoints(seed: 40 + UInt64(resolution.number), count: 20_000) {
            if isSame(point, resolution) { answered += 1 }
        }
        #expect(answered >= 19_990)
    }

    @Test(arguments: Resolution.allCases)
    func givesUpOnBordersRatherThanDiffer(resolution: Resolution) throws {
        for point in RandomPoints(seed: 80 + UInt64(resolution.number), count: 300) {
            let cell = try H3Cell(
                latitude: point.latitude, longitude: point.longitude, resolution: resolution)
            for vertex in cell.boundary { _ = isSame(vertex, resolution) }
        }
        for face in 0..<Icosahedron.faceCount {
            let center = Icosahedron.center(of: face).latLng
            for exponent in 0...16 {
                var near = center
                var offset = 1.0
                for _ in 0..<exponent { offset /= 10 }
                near.latitude += offset
                _ = isSame(near, resolution)
                near.longitude -= offset
                _ = isSame(near, resolution)
            }
        }
    }

    /// Expects no difference, and returns whether the fast algorithm answered.
    private func isSame(_ point: LatLng, _ resolution: Resolution) -> Bool {
        guard let quick = FaceCoordinate(quickly: point, resolution: resolution.number) else { return false }
        let vector = Vector3(latitude: point.latitudeRadians, longitude: point.longitudeRadians)
        let exact = FaceCoordinate(exactly: vector, resolution: resolution.number)
        #expect(quick.face == exact.face, "\(point) at \(resolution)")
        #expect(quick.place == exact.place, "\(point) at \(resolution)")
        return true
    }
}
