/// The kernel of `latLngToCells`: eight points at a time, without branches, calls or trigonometry.
enum CellKernel {
    /// Writes the index of the cell of each point, given in degrees; 0, which is not a cell, where the point is so near
    /// to a border that rounding decides, or is outside -90...90 and -180...180, or not finite.
    ///
    /// All three buffers have `count` numbers.
    @inline(__always)
    static func fill(
        latitudes: UnsafePointer<Double>, longitudes: UnsafePointer<Double>, count: Int, plan: CellPlan,
        cells: UnsafeMutablePointer<UInt64>
    ) {
        var start = 0
        while start &+ 8 <= count {
            let block = Self.cells(
                latitudes: UnsafeRawPointer(latitudes + start).loadUnaligned(as: Lanes.self),
                longitudes: UnsafeRawPointer(longitudes + start).loadUnaligned(as: Lanes.self), plan)
            UnsafeMutableRawPointer(cells + start).storeBytes(of: block, as: BitLanes.self)
            start &+= 8
        }
        guard start < count else { return }
        var (lastLatitudes, lastLongitudes) = (Lanes(), Lanes())
        for lane in 0..<count &- start {
            lastLatitudes[lane] = latitudes[start &+ lane]
            lastLongitudes[lane] = longitudes[start &+ lane]
        }
        let block = Self.cells(latitudes: lastLatitudes, longitudes: lastLongitudes, plan)
        for lane in 0..<count &- start { cells[start &+ lane] = block[lane] }
    }

    @inline(__always)
    private static func cells(latitudes: Lanes, longitudes: Lanes, _ plan: CellPlan) -> BitLanes {
        let places = FoldedPlaces(FoldedPoints(UnitVectors(latitudes: latitudes, longitudes: longitudes)), plan)
        let numbers = CellNumbers(places, plan)
        let placements = BitLanes.byLane { lane in
            let number = min(Int(truncatingIfNeeded: numbers.placements[lane]), 499)
            return UInt64(BaseCells.placements[unchecked: number])
        }

        // The turns 1, 3 and 5 of 60 degrees are half a turn and then 240, 0 and 120 degrees.
        let turns = placements &>> 7
        let isHalf = BitLanes() &- (turns & 1)
        let digits = numbers.digits(halfTurned: isHalf, plan)
        let ones = BitLanes(repeating: plan.ones)
        let isFourth = BitLanes() &- (turns &>> 2 & 1)
        let isSecond = BitLanes() &- (turns &>> 1 & 1)
        let isThirdTurned = isHalf & isFourth | ~isHalf & isSecond
        let isTwiceThirdTurned = isHalf & ~isSecond & ~isFourth | ~isHalf & isFourth
        let thirdTurned = digits &>> 1 & (ones &* 3) | digits &<< 2 & (ones &<< 2)
        let twiceThirdTurned = digits &>> 2 & ones | digits &<< 1 & (ones &* 6)
        let turned =
            digits & ~(isThirdTurned | isTwiceThirdTurned) | thirdTurned & isThirdTurned
            | twiceThirdTurned & isTwiceThirdTurned

        let isInside =
            Lanes.all(90).isGreater(orEqual: latitudes.size) & Lanes.all(180).isGreater(orEqual: longitudes.size)
        let isSure = places.isSure & isInside
        let baseCells = (placements & 0x7F) &<< 45
        var cells = (turned | baseCells | BitLanes(repeating: plan.frame)) & isSure
        if placements.together & Self.pentagon != 0 {
            let plain = numbers.digits(halfTurned: BitLanes(), plan)
            for lane in 0..<8 where placements[lane] & Self.pentagon != 0 && cells[lane] != 0 {
                cells[lane] = pentagonal(Digits(bits: plain[lane]), placements[lane], plan)
            }
        }
        return cells
    }

    /// The bit of `BaseCells.placements` that marks a pentagon. It is also set where there is no base cell.
    private static let pentagon: UInt64 = 1 << 10

    /// The index of a cell whose base cell is a pentagon, from its digits along the axes of the face.
    @inline(never)
    private static func pentagonal(_ digits: Digits, _ placement: UInt64, _ plan: CellPlan) -> UInt64 {
        guard placement != 0xFFFF else { return 0 }
        var turned = digits
        if digits.leading == Digits.k { turned = turned.rotated(placement >> 11 & 1 != 0 ? 5 : 1) }
        turned = turned.rotatedAboutPentagon(Int(placement >> 7 & 7))
        return plan.frame | (placement & 0x7F) << 45
            | turned.bits
    }
}
