/// Rates of areas that are drawn towards the mean of all where few residents make them uncertain: the global empirical
/// Bayes estimator of R. J. Marshall, "Mapping disease and mortality rates using empirical Bayes estimators", Applied
/// Statistics 40 (1991), 283-294.
package struct EmpiricalBayes: Sendable {
    /// Events of all areas by the base of all.
    package let mean: Double
    /// The variance between the areas that is more than chance explains, or 0.
    package let variance: Double
    /// The estimate of each area, in events by unit of its base; nil for areas without a base.
    package let rates: [Double?]

    /// - Parameters:
    ///   - events: The number of events of each area, or the sum of their weights.
    ///   - bases: What the events are divided by: residents, or square kilometres. Areas without a base, or one of 0,
    ///     take no part.
    package init(events: [Double], bases: [Double?]) {
        precondition(events.count == bases.count, "each area has its events and its base")
        let known = zip(events, bases).compactMap { events, base in
            base.flatMap { $0 > 0 ? (events: events, base: $0) : nil }
        }
        let base = known.reduce(0) { $0 + $1.base }
        guard base > 0 else {
            (mean, variance) = (0, 0)
            rates = bases.map { _ in nil }
            return
        }
        let mean = known.reduce(0) { $0 + $1.events } / base
        let spread = known.reduce(0) { sum, area in
            let difference = area.events / area.base - mean
            return sum + area.base * difference * difference
        }
        let variance = max(0, spread / base - mean / (base / Double(known.count)))
        self.mean = mean
        self.variance = variance
        rates = zip(events, bases).map { events, base in
            guard let base, base > 0 else { return nil }
            let uncertainty = mean / base
            let weight = variance + uncertainty == 0 ? 0 : variance / (variance + uncertainty)
            return weight * (events / base) + (1 - weight) * mean
        }
    }
}
