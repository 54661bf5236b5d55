import Caching
package import Domain

/// Counts of the tiles requested in the last hour, in slots of ten minutes that are forgotten one by one.
package struct DemandHistory: Sendable {
    private static let secondsOfSlot: Int64 = 600
    private static let slotsOfHour: Int64 = 6
    /// How many tiles are remembered of a slot.
    static let room = 4096

    private var slots: [Int64: FrequentItems<TileRequest>] = [:]

    package init() {}

    /// The number of the current slot.
    static func slot(at time: Instant) -> Int64 { time.seconds / secondsOfSlot }

    /// The numbers of the slots that the last hour extends into.
    static func slots(at time: Instant) -> ClosedRange<Int64> { slot(at: time) - slotsOfHour...slot(at: time) }

    package mutating func add(_ counts: [TileRequest: Int], at now: Instant) {
        let hour = Self.slots(at: now)
        slots = slots.filter { hour.contains($0.key) }
        for (request, count) in counts {
            slots[hour.upperBound, default: FrequentItems(room: Self.room)].add(request, count)
        }
    }

    /// The tiles that were requested most, the most frequent first.
    package func mostAsked(_ limit: Int, at now: Instant) -> [TileRequest] {
        let hour = Self.slots(at: now)
        let counts = slots.filter { hour.contains($0.key) }.values.map(\.counts)
        return Self.mostAsked(limit, of: counts)
    }

    static func mostAsked(_ limit: Int, of slots: [[TileRequest: Int]]) -> [TileRequest] {
        let sums = slots.reduce(into: [TileRequest: Int]()) { $0.merge($1, uniquingKeysWith: +) }
        // Among equally frequent ones, those of lower zooms come first, because more people see them.
        return sums.sorted { ($1.value, $0.key.address) < ($0.value, $1.key.address) }.prefix(limit).map(\.key)
    }
}
