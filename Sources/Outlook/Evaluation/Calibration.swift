/// Whether outcomes fall where a forecast's distributions say, as often as they say.
package struct Calibration: Sendable, Equatable, Codable {
    /// Edges of the bins of the chance of at least one event.
    package static let edges = [0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1]
    /// The least expected count at which an interval of whole counts can have about the coverage it is to have.
    package static let leastExpected = 5.0

    /// One bin of the diagram of reliability.
    package struct Bin: Sendable, Equatable, Codable {
        package var forecasts = 0
        /// The sum of the chances that were stated.
        package var stated = 0.0
        /// The number of times that there was an event.
        package var happened = 0
    }

    /// The number of forecasts.
    package private(set) var forecasts = 0
    /// Ten bins of the randomised probability integral transform: all alike where the forecast is right.
    package private(set) var transform = [Int](repeating: 0, count: 10)
    /// Forecasts whose randomised transform is in the middle half, and in the middle nine tenths.
    private var middle50 = 0
    private var middle90 = 0
    /// Forecasts of at least `leastExpected` events, and those whose count was in the interval, ends included.
    package private(set) var large = 0
    private var inside50 = 0
    private var inside90 = 0
    /// The sums of the chances that the same intervals had by the forecast.
    private var promised50 = 0.0
    private var promised90 = 0.0
    package private(set) var reliability = [Bin](repeating: Bin(), count: edges.count - 1)

    package init() {}

    /// Adds the outcome of a forecast.
    ///
    /// - Parameter random: A random number from 0 up to 1. The transform is a place between the chances of fewer events
    ///   and of no more, by this share (C. Czado, T. Gneiting and L. Held, Biometrics 65, 2009).
    mutating func add(_ distribution: CountDistribution, _ count: Int, random: Double) {
        forecasts += 1
        let (below, equal) = distribution.chances(below: count)
        let place = min(max(below + random * equal, 0), 1 - 1e-12)
        transform[Int(place * 10)] += 1
        if place >= 0.25, place <= 0.75 { middle50 += 1 }
        if place >= 0.05, place <= 0.95 { middle90 += 1 }
        if distribution.mean >= Self.leastExpected {
            let bounds = distribution.quantiles([0.05, 0.25, 0.75, 0.95])
            large += 1
            if (bounds[1]...bounds[2]).contains(count) { inside50 += 1 }
            if (bounds[0]...bounds[3]).contains(count) { inside90 += 1 }
            func below(_ count: Int) -> Double { distribution.chances(below: count).below }
            promised50 += below(bounds[2] + 1) - below(bounds[1])
            promised90 += below(bounds[3] + 1) - below(bounds[0])
        }
        let chance = distribution.chanceOfAny
        let bin = Self.edges.dropFirst().firstIndex { chance < $0 } ?? Self.edges.count - 1
        reliability[bin - 1].forecasts += 1
        reliability[bin - 1].stated += chance
        reliability[bin - 1].happened += count > 0 ? 1 : 0
    }

    /// The shares of outcomes in the randomised intervals of 50 and 90 %.
    package var randomised50: Double { forecasts > 0 ? Double(middle50) / Double(forecasts) : 0 }
    package var randomised90: Double { forecasts > 0 ? Double(middle90) / Double(forecasts) : 0 }

    /// The shares of outcomes in the intervals of whole counts, among forecasts of at least `leastExpected` events;
    /// `nil` where there are none. Intervals of whole counts hold more than they are named for.
    package var plain50: Double? { large > 0 ? Double(inside50) / Double(large) : nil }
    package var plain90: Double? { large > 0 ? Double(inside90) / Double(large) : nil }

    /// The shares that these intervals should hold by the forecast, which is what the shares above compare with.
    package var stated50: Double? { large > 0 ? promised50 / Double(large) : nil }
    package var stated90: Double? { large > 0 ? promised90 / Double(large) : nil }
}
