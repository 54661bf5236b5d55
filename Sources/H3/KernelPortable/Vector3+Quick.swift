extension Vector3 {
    /// The point of the sphere at a latitude in -90...90 and a longitude in -180...180 degrees, each coordinate within
    /// 2e-15. It does for one point what `UnitVectors` does for eight.
    @inline(__always)
    init(quickly point: LatLng) {
        let (latitudeSine, latitudeCosine) = Self.sineAndCosine(point.latitude)
        let (halfSine, halfCosine) = Self.sineAndCosine(point.longitude * 0.5)
        let twice = halfSine + halfSine
        let longitudeCosine = 1 - twice * halfSine
        self.init(
            x: latitudeCosine * longitudeCosine, y: latitudeCosine * (twice * halfCosine), z: latitudeSine)
    }

    /// The sine and cosine of -90...90 degrees, from those of half the angle.
    @inline(__always)
    private static func sineAndCosine(_ degrees: Double) -> (Double, Double) {
        let square = degrees * degrees
        let (s, c) = (HalfAngleSeries.sine, HalfAngleSeries.cosine)
        let sine =
            (((((s.0 * square + s.1) * square + s.2) * square + s.3) * square + s.4) * square + s.5) * square
            + s.6
        let cosine =
            (((((c.0 * square + c.1) * square + c.2) * square + c.3) * square + c.4) * square + c.5) * square
            + c.6
        let twice = (sine + sine) * degrees
        return (twice * cosine, 1 - twice * (sine * degrees))
    }
}
