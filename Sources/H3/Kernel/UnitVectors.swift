/// Eight points of the unit sphere.
struct UnitVectors {
    var x: Lanes
    var y: Lanes
    var z: Lanes

    /// The points at latitudes in -90...90 and longitudes in -180...180 degrees, each coordinate within 2e-15.
    ///
    /// Sine and cosine of half the latitude and of a quarter of the longitude, both at most 45 degrees, by polynomials
    /// (Chebyshev, in degrees), then doubled by sin 2a = 2 sin a cos a and cos 2a = 1 - 2 sin^2 a: no choice of octant.
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
        var sum = Lanes.all(2.705634772897294e-37)
        sum = sum.times(square, plus: .all(-5.599396886504265e-31))
        sum = sum.times(square, plus: .all(8.088411207992193e-25))
        sum = sum.times(square, plus: .all(-7.647175668275056e-19))
        sum = sum.times(square, plus: .all(4.2175050723786073e-13))
        sum = sum.times(square, plus: .all(-1.1076201946266191e-07))
        sum = sum.times(square, plus: .all(0.008726646259971648))
        return sum * degrees
    }

    /// The cosine of half of -90...90 degrees.
    @inline(__always)
    private static func halfCosine(_ degrees: Lanes) -> Lanes {
        let square = degrees * degrees
        var sum = Lanes.all(4.024178685183639e-34)
        sum = sum.times(square, plus: .all(-7.0579377052880525e-28))
        sum = sum.times(square, plus: .all(8.341771676059224e-22))
        sum = sum.times(square, plus: .all(-6.134112469371767e-16))
        sum = sum.times(square, plus: .all(2.416452407215599e-10))
        sum = sum.times(square, plus: .all(-3.8077177473338e-05))
        return sum.times(square, plus: .all(1))
    }
}
