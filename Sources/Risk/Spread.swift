package import Domain

/// The mean and standard deviation of a cell's daily counts over every day of a run, including days without events.
package struct Spread: Sendable {
    private let days: ClosedRange<LocalDay>
    private var sum = 0
    private var squares = 0

    package init(days: ClosedRange<LocalDay>) {
        self.days = days
    }

    /// Adds the count of a day. Days outside the run are left out.
    package mutating func add(_ count: Int, on day: LocalDay) {
        guard days.contains(day) else { return }
        sum += count
        squares += count * count
    }

    private var length: Int { days.lowerBound.distance(to: days.upperBound) + 1 }

    package var mean: Double { Double(sum) / Double(length) }

    /// The standard deviation of the population. n Σc² - (Σc)² is exact in integers, so equal counts give exactly 0.
    package var deviation: Double { Double(length * squares - sum * sum).squareRoot() / Double(length) }
}
