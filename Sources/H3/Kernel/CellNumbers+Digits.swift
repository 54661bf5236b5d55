extension CellNumbers {
    /// The digits at their bits, turned by half a turn in the lanes whose bits are set in `isHalf`.
    ///
    /// Half a turn changes the sign of the values.
    @inline(__always)
    func digits(halfTurned isHalf: BitLanes, _ plan: CellPlan) -> BitLanes {
        let ones = BitLanes(repeating: plan.ones)
        let turned = (balanced ^ isHalf) &- isHalf &+ (isHalf & BitLanes(repeating: plan.ones << 3))

        // 4 + value is converted to value modulo 7: 4 less where that is not negative, otherwise 3 more.
        let isNegative = ~(turned &>> 2) & ones
        let value = (turned & BitLanes(repeating: plan.ones &* 3)) &+ isNegative &+ (isNegative &<< 1)

        // A Class III digit is the value with its three bits reversed. A Class II digit is twice the value modulo 7:
        // its bits rotated by one.
        let low = value &>> 2 & ones
        let middle = value & BitLanes(repeating: plan.oddOnes << 1)
        let high = value &<< 2 & BitLanes(repeating: plan.oddOnes << 2)
        return low | middle | high | (value &<< 1 & BitLanes(repeating: plan.evenOnes &* 6))
    }
}
