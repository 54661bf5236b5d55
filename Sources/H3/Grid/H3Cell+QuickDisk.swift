extension H3Cell {
    /// Writes the cells within `k`, 1 or 2, steps, in the order of `gridDisk(_:)`; false where the way leaves the base
    /// cell or comes near its pentagon, so that the written cells are useless.
    ///
    /// `cells` must have room for `maxGridDiskSize(k)`.
    func lookUpDisk(_ k: Int, into cells: inout MutableSpan<H3Cell>) -> Bool {
        guard resolution > 2 else { return false }
        let place = UInt64(truncatingIfNeeded: 45 &- 3 &* resolution.number)
        let row = Int(truncatingIfNeeded: bits &>> place & 63) | (isResolutionClassIII ? 64 : 0)
        let isPentagonal = BaseCells.isPentagon(baseCell)
        // The bits of the cells above, without their last two digits, by the direction of the step.
        var above = InlineArray<8, UInt64>(repeating: bits & ~(63 &<< place))
        if isPentagonal, isNearGap(above[0]) { return false }
        var directions = DiskSteps.directions[unchecked: row] &>> (k == 1 ? 0 : 8) & 0x7E
        while directions != 0 {
            let direction = directions.trailingZeroBitCount
            directions &= directions &- 1
            let step = stepAbove(above[0], toward: UInt64(truncatingIfNeeded: direction), at: place &+ 6)
            guard let step, !isPentagonal || !isNearGap(step) else { return false }
            above[unchecked: direction] = step
        }
        cells.withUnsafeMutableBufferPointer { cells in
            guard let cell = cells.baseAddress else { return }
            cell.pointee = self
            for number in 0..<(k == 1 ? 6 : 18) {
                let step = UInt64(DiskSteps.steps[unchecked: DiskSteps.count &* row &+ number])
                (cell + number + 1).pointee = H3Cell(
                    unchecked: above[unchecked: Int(truncatingIfNeeded: step &>> 6 & 7)] | (step & 63) &<< place)
            }
        }
        return true
    }

    /// The bits after a step in the direction of a digit, of the cell whose last digit is at `place`; nil where it
    /// leads out of the base cell.
    private func stepAbove(_ bits: UInt64, toward direction: UInt64, at place: UInt64) -> UInt64? {
        var (moved, direction, place, isClassIII) = (bits, direction, place, isResolutionClassIII)
        repeat {
            let old = bits &>> place & 7
            let (digit, carry) = DigitStep.after(old, direction: direction, isClassIII: isClassIII)
            moved ^= (old ^ digit) &<< place
            direction = carry
            place &+= 3
            isClassIII.toggle()
        } while place < 45 && direction != 0
        return direction == 0 ? moved : nil
    }

    /// Whether the digits of `bits` lead to a pentagon or into its gap, unless the unused ones are left out.
    private func isNearGap(_ bits: UInt64) -> Bool {
        let digits = Digits(bits: bits & Digits.mask & ~Self.unusedDigits(at: resolution.number))
        return digits.leading <= Digits.k
    }
}
