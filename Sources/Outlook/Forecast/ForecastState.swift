package import Domain

/// The memory of a forecast: a few numbers for each cell, and the level and calendar of the whole area.
///
/// It is updated by the counts of a day in time that grows with the cells that have events that day.
package struct ForecastState: Sendable {
    /// The half-lives in days by which a cell's events are forgotten, and which the weights of a model mix.
    package static let halfLives: [Double] = [30, 120, 1000]
    /// The half-life of the area's level, and of the slow level that stands in where events are few.
    private static let levelHalfLife = 21.0
    private static let slowHalfLife = 365.0
    /// The events by which the level is held to the slow one.
    private static let levelStrength = 250.0
    /// The longest horizon in days.
    package static let longestHorizon = 28

    package let area: StudyArea
    /// The day that was added last; before the first, the day before it.
    package private(set) var day: LocalDay
    /// The number of days that were added.
    package private(set) var days = 0
    private let parents: [Int32]
    private let parentSizes: [Double]
    private var memories: [CellMemory]
    private var profile = CalendarProfile()
    private var fast = ForgottenRate(halfLife: levelHalfLife)
    private var slow = ForgottenRate(halfLife: slowHalfLife)

    /// - Parameter day: The first day that will be added.
    /// - Throws: `H3Error` where a cell of the area is not valid.
    package init(area: StudyArea, from day: LocalDay) throws {
        self.area = area
        self.day = day.advanced(by: -1)
        let (numbers, count) = try area.parents()
        parents = numbers
        var sizes = [Double](repeating: 0, count: count)
        for number in numbers { sizes[Int(number)] += 1 }
        parentSizes = sizes
        memories = Self.halfLives.map { CellMemory(halfLife: $0, cells: area.count) }
    }

    /// Adds the day after the last one. A day without events must be added, too; one without records is skipped.
    package mutating func add(_ counts: CellCounts) {
        day = day.advanced(by: 1)
        days += 1
        let total = Double(counts.total)
        let factor = profile.factor(on: day)
        profile.add(total, on: day, level: level)
        fast.add(total, exposure: factor)
        slow.add(total, exposure: factor)
        for index in memories.indices { memories[index].add(counts) }
    }

    /// Lets a day pass that has no records. It teaches nothing; what is known is forgotten as on any day.
    package mutating func skip() {
        day = day.advanced(by: 1)
        days += 1
        fast.add(0, exposure: 0)
        slow.add(0, exposure: 0)
        for index in memories.indices { memories[index].add(.none) }
    }

    /// The expected events of an ordinary day in the whole area.
    package var level: Double {
        guard slow.events > 0 else { return 0 }
        let usual = slow.events / slow.exposure
        return (fast.events + Self.levelStrength) / (fast.exposure + Self.levelStrength / usual)
    }

    /// The expected events of the whole area in the `horizon` days after the last one.
    package func expected(horizon: Int) -> Double {
        level * (1...horizon).reduce(0) { $0 + profile.factor(on: day.advanced(by: $1)) }
    }

    /// The signals that a model weighs, for every cell, as shares of the events in the area.
    func signals() -> CellSignals {
        let own = memories.map(\.shares)
        let slowest = own.count - 1
        var sums = [Double](repeating: 0, count: parentSizes.count)
        for (cell, parent) in parents.enumerated() { sums[Int(parent)] += own[slowest][cell] }
        let parent = parents.map { sums[Int($0)] / parentSizes[Int($0)] }
        return CellSignals(
            columns: own + [area.ring.means(of: own[0]), area.ring.means(of: own[slowest]), parent],
            evidence: memories[slowest].counts)
    }
}

/// The signals of every cell at the end of a day.
struct CellSignals: Sendable {
    /// The names of the columns, in their order.
    static let names = ["own_30", "own_120", "own_1000", "ring_30", "ring_1000", "parent_1000"]
    /// `columns[signal][cell]`: shares of the area's events.
    let columns: [[Double]]
    /// The forgotten events of each cell by the longest half-life: how much its own past says.
    let evidence: [Double]
}
