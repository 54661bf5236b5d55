package import Domain

/// The days of a dataset that have no records, as when a feed was down: days without any event where so many of them in
/// a row would hardly ever happen.
///
/// A run of n days without events, after days with m events each in the mean, happens by chance with e^(-n m) if events
/// are independent. From the day on that makes this less than about one in a million, the days of the run have no
/// records. m is the mean of the last 365 days with records, and a day is judged by the days before it alone.
package struct RecordGaps: Sendable {
    private let gaps: Set<LocalDay>

    /// The expected events at which a run without any is no chance: e^-14 is 8 in 10 million.
    private static let leastExpected = 14.0
    private static let rememberedDays = 365

    /// - Parameters:
    ///   - days: The days to judge.
    ///   - totals: The events of each day; days that are absent have none.
    package init(_ days: ClosedRange<LocalDay>, totals: [LocalDay: Int]) {
        var gaps: Set<LocalDay> = []
        var recent: [Int] = []
        var oldest = 0
        var sum = 0
        var run = 0
        for offset in 0...days.lowerBound.distance(to: days.upperBound) {
            let day = days.lowerBound.advanced(by: offset)
            let total = totals[day] ?? 0
            run = total > 0 ? 0 : run + 1
            if run > 0, !recent.isEmpty,
                Double(run) * Double(sum) / Double(recent.count) >= Self.leastExpected
            {
                gaps.insert(day)
                continue
            }
            if recent.count < Self.rememberedDays {
                recent.append(total)
            } else {
                sum -= recent[oldest]
                recent[oldest] = total
                oldest = (oldest + 1) % Self.rememberedDays
            }
            sum += total
        }
        self.gaps = gaps
    }

    /// Whether a day has no records.
    package func contains(_ day: LocalDay) -> Bool { gaps.contains(day) }

    package var count: Int { gaps.count }
}
