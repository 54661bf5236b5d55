/// Eight points of the unit sphere.
struct UnitVectors {
    var x: Lanes
    var y: Lanes
    var z: Lanes

    /// The points at latitudes in -90...90 and longitudes in -180...180 degrees, each coordinate within 2e-15.
    ///
    /// Sine and cosine of half the latitude and of a quarter of the longitude, both at most 45 degrees, come from
    /// polynomials (Chebyshev, in degrees). They are doubled by sin 2a = 2 sin a cos a and cos 2a = 1 - 2 sin^2 a,
    /// without choosing an octant.
    @inline(__always)
    init(latitudes: Lanes, longitudes: Lanes) {
        let (latitudeSine, latitudeCosine) = Self.doubled(Self.halfSine(latitudes), Self.halfCosine(latitudes))
        let half = Lanes.all(0.5) * longitudes
        let (halfSine, halfCosine) = Self.doubled(Self.halfSine(half), Self.halfCosine(half))
        let (sine, cosine) = Self.doubled(halfSine, halfCosine)
        x = latitudeCosine * cosine
        y = latitudeCosine * sine
        z = latitudeSine
    }

    /// Sine and cosine of twice an angle.
    @inline(__always)
    private static func doubled(_ sine: Lanes, _ cosine: Lanes) -> (Lanes, Lanes) {
        let twice = sine + sine
        return (twice * cosine, (-twice).times(sine, plus: .all(1)))
    }

    /// The sine of half of -90...90 degrees.
    @inline(__always)
    private static func halfSine(_ degrees: Lanes) -> Lanes {
        let square = degrees * degrees
        let series = HalfAngleSeries.sine
        var sum = Lanes.all(series.0).times(square, plus: .all(series.1))
        sum = sum.times(square, plus: .all(series.2))
        sum = sum.times(square, plus: .all(series.3))
        sum = sum.times(square, plus: .all(series.4))
        sum = sum.times(square, plus: .all(series.5))
        return sum.times(square, plus: .all(series.6)) * degrees
    }

    /// The cosine of half of -90...90 degrees.
    @inline(__always)
    private static func halfCosine(_ degrees: Lanes) -> Lanes {
        let square = degrees * degrees
        let series = HalfAngleSeries.cosine
        var sum = Lanes.all(series.0).times(square, plus: .all(series.1))
        sum = sum.times(square, plus: .all(series.2))
        sum = sum.times(square, plus: .all(series.3))
        sum = sum.times(square, plus: .all(series.4))
        sum = sum.times(square, plus: .all(series.5))
        return sum.times(square, plus: .all(series.6))
    }
}
