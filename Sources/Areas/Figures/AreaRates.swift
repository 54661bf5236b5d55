/// Rates of events in an area over a period.
package enum AreaRates {
    private static let daysOfYear = 365.25

    /// Events for each 1,000 residents a year; nil without residents or days.
    package static func rate(events: Int, population: Double, days: Int) -> Double? {
        guard population > 0, days > 0 else { return nil }
        return 1000 * Double(events) / population * daysOfYear / Double(days)
    }

    /// Events for each square kilometre a year; nil without a surface or days.
    package static func density(events: Int, squareKilometres: Double, days: Int) -> Double? {
        guard squareKilometres > 0, days > 0 else { return nil }
        return Double(events) / squareKilometres * daysOfYear / Double(days)
    }
}
