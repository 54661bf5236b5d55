package import Domain

extension HotSpotClass {
    /// Classifies a cell.
    ///
    /// - Parameters:
    ///   - spots: For each step, oldest first, 1 where the cell was a significant hot spot, -1 a cold one, else 0.
    ///   - trend: The Mann-Kendall test of its z-scores.
    ///   - alpha: The level at which the trend is significant.
    package init(spots: [Int8], trend: MannKendall, alpha: Double) {
        self = .none
        guard let last = spots.last else { return }
        // The final step decides first: a cell that is cold now and was hot nearly always is told as what it is now.
        if last != 0 {
            self = Self.now(spots, side: last, trend: trend.p <= alpha ? trend.s.signum() : 0)
        } else if Self.isNearlyAlways(spots, 1) {
            self = .historicalHot
        } else if Self.isNearlyAlways(spots, -1) {
            self = .historicalCold
        }
    }

    /// Whether at least 90 % of the steps are spots of a side.
    private static func isNearlyAlways(_ spots: [Int8], _ side: Int8) -> Bool {
        10 * spots.count(where: { $0 == side }) >= 9 * spots.count
    }

    /// The class of a cell that is a spot of a side at the final step.
    private static func now(_ spots: [Int8], side: Int8, trend: Int) -> Self {
        let isHot = side > 0
        let number = spots.count { $0 == side }
        if number == 1 { return isHot ? .newHot : .newCold }
        if isNearlyAlways(spots, side) {
            switch trend * Int(side) {
            case 1: return isHot ? .intensifyingHot : .intensifyingCold
            case -1: return isHot ? .diminishingHot : .diminishingCold
            default: return isHot ? .persistentHot : .persistentCold
            }
        }
        let run = spots.reversed().prefix { $0 == side }.count
        if run == number { return isHot ? .consecutiveHot : .consecutiveCold }
        if spots.contains(-side) { return isHot ? .oscillatingHot : .oscillatingCold }
        return isHot ? .sporadicHot : .sporadicCold
    }
}
