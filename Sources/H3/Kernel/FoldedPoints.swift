/// Eight points folded towards the faces nearest to them (see `FoldedFaces`).
struct FoldedPoints {
    var x: Lanes
    var y: Lanes
    var z: Lanes

    /// The codes of the folds, 0...31.
    var codes: BitLanes

    /// The square root of 3 times the cosine of the angle from the face's centre.
    var heights: Lanes

    /// How far each point is from the places where two faces are equally near, as a difference of cosines.
    var margins: Lanes

    @inline(__always)
    init(_ points: UnitVectors) {
        func turned(_ row: Int) -> Lanes {
            let (a, b, c) = (FoldedFaces.turn[row], FoldedFaces.turn[row + 1], FoldedFaces.turn[row + 2])
            return points.x.times(.all(a), plus: points.y.times(.all(b), plus: points.z * .all(c)))
        }
        let (turnedX, turnedY, turnedZ) = (turned(0), turned(3), turned(6))
        let signs = turnedX.bits &>> 63 | (turnedY.bits &>> 63) &<< 1 | (turnedZ.bits &>> 63) &<< 2
        (x, y, z) = (turnedX.size, turnedY.size, turnedZ.size)

        let (phi, inversePhi) = (Lanes.all(FoldedFaces.phi), Lanes.all(FoldedFaces.inversePhi))
        let first = x + y + z
        let second = z.times(phi, plus: y * inversePhi)
        let third = y.times(phi, plus: x * inversePhi)
        let fourth = x.times(phi, plus: z * inversePhi)
        let (early, late) = (Lanes.greater(first, second), Lanes.greater(third, fourth))
        heights = .greater(early, late)

        let isLate = late.isGreater(than: early)
        let isOdd = second.isGreater(than: first) & ~isLate | fourth.isGreater(than: third) & isLate
        codes = signs | isLate & 16 | isOdd & 8

        // The face across a mirror is equally near where the point is in the mirror.
        let runnerUp = Lanes.greater(
            .lesser(early, late), .greater(.lesser(first, second), .lesser(third, fourth)))
        margins = .lesser(heights - runnerUp, .lesser(x, .lesser(y, z)))
    }
}
