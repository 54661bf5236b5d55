extension H3Cell {
    /// The cell next to this one in the direction of a digit, 1...6, counted in the axes of this cell's base cell
    /// turned by `turns` times 60 degrees; nil across the gap of a pentagon.
    ///
    /// `turns`, 0...5, is brought up to date, so that a walk that keeps its direction stays straight where the axes
    /// turn.
    func neighbor(toward direction: UInt64, turns: inout Int) -> H3Cell? {
        var direction = turns == 0 ? direction : Digits(bits: direction).rotated(turns).bits
        var moved = bits
        var place = UInt64(truncatingIfNeeded: 45 &- 3 &* resolution.number)
        var isClassIII = isResolutionClassIII
        // Goes from the finest digit up, as long as the step leaves the parent.
        while place < 45, direction != 0 {
            let old = bits &>> place & 7
            let (digit, carry) = DigitStep.after(old, direction: direction, isClassIII: isClassIII)
            moved ^= (old ^ digit) &<< place
            direction = carry
            place &+= 3
            isClassIII.toggle()
        }
        let step = H3Cell(unchecked: moved)
        if direction != 0 { return step.entering(toward: direction, turns: &turns) }
        guard BaseCells.isPentagon(baseCell), step.digits.leading == Digits.k else { return step }
        return step.leavingGap(from: digits.leading, turns: &turns)
    }

    /// This cell, after a step out of its base cell has changed its digits, as a cell of the base cell that the step
    /// leads to.
    private func entering(toward direction: UInt64, turns: inout Int) -> H3Cell {
        let origin = min(baseCell, BaseCells.count - 1)
        var digits = digits
        var target = origin
        var turned = 0
        if let neighbor = BaseCells.neighbor(of: origin, toward: direction) {
            (target, turned) = neighbor
        } else if let neighbor = BaseCells.neighbor(of: origin, toward: Digits.ik) {
            // Across the gap of a pentagon is the neighbour of the next direction.
            (target, turned) = neighbor
            digits = digits.rotated(1)
            turns += 1
        }
        let step = Self.baseCell(target, resolution: resolution.number)
        guard BaseCells.isPentagon(target) else {
            turns = (turns + turned) % 6
            return step.with(digits: digits.rotated(turned))
        }

        let isInGap = digits.leading == Digits.k
        if isInGap {
            let isClockwise = BaseCells.isGapClockwise(target, from: Int(BaseCells.homeFaces[origin]))
            digits = digits.rotated(isClockwise ? 5 : 1)
        }
        digits = digits.rotatedAboutPentagon(turned)
        // The axes of a pentagon differ beyond its gap.
        if BaseCells.isPolarPentagon(target) {
            if origin != 118, origin != 8, digits.leading != 3 { turns += 1 }
        } else if digits.leading == Digits.ik, !isInGap {
            turns += 1
        }
        turns = (turns + turned) % 6
        return step.with(digits: digits)
    }

    /// The direction, 1...6, of a neighbour; nil where `other` is not one.
    func direction(to other: H3Cell) -> UInt64? {
        for direction in (isPentagon ? 2 : 1)...6 as ClosedRange<UInt64> {
            var turns = 0
            if let neighbor = neighbor(toward: direction, turns: &turns), neighbor == other { return direction }
        }
        return nil
    }

    /// This cell, found by a step within a pentagon's base cell into its gap, moved out of that; nil where the step
    /// came from the pentagon. `leading` is the leading digit before the step.
    private func leavingGap(from leading: UInt64, turns: inout Int) -> H3Cell? {
        switch leading {
        case 3:
            turns = (turns + 1) % 6
            return with(digits: digits.rotated(1))
        case Digits.ik:
            turns = (turns + 5) % 6
            return with(digits: digits.rotated(5))
        default: return nil
        }
    }

    private func with(digits: Digits) -> H3Cell {
        let mask = Digits.mask & ~Self.unusedDigits(at: resolution.number)
        return H3Cell(unchecked: bits & ~mask | digits.bits & mask)
    }
}
