/// The digits and base cells of eight places, with digits counted along the axes of the faces.
///
/// Modulo 7, i + 2j is 0 on the parents' grid within a Class III one, and 2i + j within a Class II one; the seven
/// values distinguish the children. So the value in -3...3 is the digit except for a permutation, and it is also the
/// remainder of the division by 7 that finds the parent.
struct CellNumbers {
    /// The values in -3...3 plus 4, at the bits of each used digit.
    var balanced: BitLanes

    /// The index in `BaseCells.placements` of the base cell; below 500 for a place that is certain.
    var placements: BitLanes

    @inline(__always)
    init(_ places: FoldedPlaces, _ plan: CellPlan) {
        var (i, j) = (places.i, places.j)
        let seventh = Lanes.all(1.0 / 7)
        // The sum is exact, because it has 45 bits.
        var sum = Lanes.all(Double(plan.ones << 2))
        var weight = plan.lastWeight
        var level = plan.resolution
        if level & 1 != 0 {
            Self.leaveClassIII(&i, &j, &sum, weight, seventh)
            weight *= 8
            level &-= 1
        }
        while level > 0 {
            Self.leaveClassII(&i, &j, &sum, weight, seventh)
            Self.leaveClassIII(&i, &j, &sum, weight * 8, seventh)
            weight *= 64
            level &-= 2
        }
        balanced = (sum + .all(4_503_599_627_370_496)).bits & BitLanes(repeating: 1 << 52 - 1)
        let place = i.times(.all(5), plus: j + places.faces)
        placements = (place + .all(4_503_599_627_370_496)).bits & BitLanes(repeating: 511)
    }

    @inline(__always)
    private static func leaveClassII(
        _ i: inout Lanes, _ j: inout Lanes, _ sum: inout Lanes, _ weight: Double, _ seventh: Lanes
    ) {
        let value = i.times(.all(2), plus: j)
        let parentI = (value * seventh).nearest
        let parentJ = (j.times(.all(3), plus: -i) * seventh).nearest
        sum = parentI.times(.all(-7), plus: value).times(.all(weight), plus: sum)
        (i, j) = (parentI, parentJ)
    }

    @inline(__always)
    private static func leaveClassIII(
        _ i: inout Lanes, _ j: inout Lanes, _ sum: inout Lanes, _ weight: Double, _ seventh: Lanes
    ) {
        let value = j.times(.all(2), plus: i)
        let parentI = (i.times(.all(3), plus: -j) * seventh).nearest
        let parentJ = (value * seventh).nearest
        sum = parentJ.times(.all(-7), plus: value).times(.all(weight), plus: sum)
        (i, j) = (parentI, parentJ)
    }
}
