/// The number of events of each cell on one day; cells without events are absent.
package struct DayCounts: Sendable, Equatable {
    /// The cell indexes, ascending.
    package let cells: [UInt64]
    /// The counts, at least 1 each.
    package let counts: [Int32]

    package static let none = DayCounts(cells: [], counts: [])

    /// - Parameter cells: The cells in ascending order, each once.
    package init(cells: [UInt64], counts: [Int32]) {
        precondition(cells.count == counts.count)
        self.cells = cells
        self.counts = counts
    }
}
