extension SIMD8<Double> {
    /// The angles of the points (x, y) of a plane, in degrees in -180...180, within 1e-13. They have no meaning at (0,
    /// 0).
    ///
    /// The arc tangent of the smaller coordinate over the larger one, minus 45 degrees where that is above tan 22.5
    /// degrees, is a polynomial (Chebyshev, error 1e-18). Mirrors restore the angle.
    @inline(__always)
    static func arcTangent(y: Self, x: Self) -> Self {
        let (sizeX, sizeY) = (x.size, y.size)
        let (larger, smaller) = (greater(sizeX, sizeY), lesser(sizeX, sizeY))
        let isWide = smaller.isGreater(than: larger * all(0.41421356237309503))
        let t = (smaller - larger.where(isWide)) / (larger + smaller.where(isWide))
        let square = t * t
        var sum = all(-0.017805397205419446).times(square, plus: all(0.03796525745386593))
        sum = sum.times(square, plus: all(-0.05035102456601552))
        sum = sum.times(square, plus: all(0.05846878297330872))
        sum = sum.times(square, plus: all(-0.06662951813629191))
        sum = sum.times(square, plus: all(0.07692045330902225))
        sum = sum.times(square, plus: all(-0.09090896809064027))
        sum = sum.times(square, plus: all(0.11111110744919658))
        sum = sum.times(square, plus: all(-0.14285714279250245))
        sum = sum.times(square, plus: all(0.19999999999940893))
        sum = sum.times(square, plus: all(-0.3333333333333312))
        let radians = (sum * square).times(t, plus: t)
        let eighth = radians * all(57.29577951308232) + all(45).where(isWide)
        let quarter = eighth.mirrored(at: 90, where: sizeY.isGreater(than: sizeX))
        let half = quarter.mirrored(at: 180, where: all(0).isGreater(than: x))
        return unsafeBitCast(half.bits | y.bits & BitLanes(repeating: 1 << 63), to: Self.self)
    }

    /// The latitudes and longitudes, in degrees, of the directions to eight points of space.
    ///
    /// Never inlined, because where a caller leaves lanes unused, the compiler would compute the others one by one.
    @inline(never)
    static func angles(x: Self, y: Self, z: Self) -> (latitudes: Self, longitudes: Self) {
        (arcTangent(y: z, x: (x * x + y * y).squareRoot()), arcTangent(y: y, x: x))
    }

    /// The numbers, with 0 in the lanes whose bits are not set.
    @inline(__always)
    private func `where`(_ isKept: BitLanes) -> Self { unsafeBitCast(bits & isKept, to: Self.self) }

    /// The difference `sum` minus the number, in the lanes whose bits are set.
    @inline(__always)
    private func mirrored(at sum: Double, where isMirrored: BitLanes) -> Self {
        let negated = unsafeBitCast(bits ^ isMirrored & BitLanes(repeating: 1 << 63), to: Self.self)
        return negated + Self.all(sum).where(isMirrored)
    }
}
