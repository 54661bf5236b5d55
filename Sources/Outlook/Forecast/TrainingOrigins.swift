/// The rows of a regression, gathered day by day: what was known at the end of a day, and what came after.
///
/// An origin waits until its horizon has passed, and only then do its rows count. So nothing here has ever seen a day
/// that is still to come. The rows are bounded: of a large area only every so many cells are taken, others at each
/// origin, and when there are too many rows every second origin is dropped and the next ones are taken half as often.
struct TrainingOrigins: Sendable {
    /// The largest number of rows.
    static let mostRows = 300_000
    /// The largest number of rows of an origin.
    private static let mostCells = 15_000

    let horizon: Int
    private let warmUp: Int
    private let cells: Int
    private let stride: Int
    private let mostRows: Int
    private var interval = 7
    private var seen = 0
    private var waiting: [Origin] = []
    private var finished: [Origin] = []

    /// Numbers of columns that differ from cell to cell, in the cells of one origin.
    struct Origin: Sendable {
        /// How many weeks' origins were there before it.
        let number: Int
        /// The number of days that were added before its rows count.
        let due: Int
        /// The cells that were taken.
        let cells: [Int32]
        /// `columns[column][row]`, as given.
        let columns: [[Double]]
        /// The expected events of the area.
        let total: Double
        /// The events of each row since.
        var counts: [Int32]
    }

    /// - Parameter warmUp: The days before the first origin.
    init(cells: Int, horizon: Int, warmUp: Int, mostRows: Int = Self.mostRows) {
        self.horizon = horizon
        self.warmUp = warmUp
        self.cells = cells
        self.mostRows = mostRows
        stride = (cells + Self.mostCells - 1) / Self.mostCells
    }

    /// Adds a day's counts to the origins that wait for them, and then makes the day an origin if it is time for one.
    ///
    /// - Parameters:
    ///   - dense: The day's count of each cell.
    ///   - columns: What is known at the end of the day, for every cell, with the expected events of the area.
    mutating func add(_ dense: @autoclosure () -> [Int32], _ columns: () -> (columns: [[Double]], total: Double)) {
        seen += 1
        if !waiting.isEmpty {
            let counts = dense()
            for index in waiting.indices {
                for row in waiting[index].cells.indices {
                    waiting[index].counts[row] += counts[Int(waiting[index].cells[row])]
                }
            }
            let due = seen
            finished += waiting.filter { $0.due == due }
            waiting.removeAll { $0.due == due }
            thin()
        }
        guard seen >= warmUp, (seen - warmUp) % interval == 0 else { return }
        let number = (seen - warmUp) / 7
        let taken = Swift.stride(from: number % stride, to: cells, by: stride).map(Int32.init)
        let known = columns()
        waiting.append(
            Origin(
                number: number, due: seen + horizon, cells: taken,
                columns: known.columns.map { column in taken.map { column[Int($0)] } },
                total: known.total, counts: [Int32](repeating: 0, count: taken.count)))
    }

    /// Lets a day pass that has no records, and with it the origins that wait for its counts.
    mutating func skip() {
        seen += 1
        waiting = []
    }

    private mutating func thin() {
        while finished.count > 8, finished.reduce(0, { $0 + $1.cells.count }) > mostRows {
            interval *= 2
            finished.removeAll { $0.number * 7 % interval != 0 }
        }
    }

    /// The number of origins whose horizon has passed.
    var count: Int { finished.count }

    /// The events in the rows.
    var events: Int { finished.reduce(0) { $0 + $1.counts.reduce(0) { $0 + Int($1) } } }

    func forEachRow(_ body: (_ columns: [[Double]], _ row: Int, _ total: Double, _ count: Int32) -> Void) {
        for origin in finished {
            for row in origin.cells.indices { body(origin.columns, row, origin.total, origin.counts[row]) }
        }
    }
}
