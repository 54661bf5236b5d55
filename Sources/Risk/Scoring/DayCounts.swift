/// How many events each cell had on one day; cells without are absent.
package struct DayCounts: Sendable, Equatable {
    /// H3 indexes, ascending.
    package let cells: [UInt64]
    /// At least 1 each.
    package let counts: [Int32]

    package static let none = DayCounts(cells: [], counts: [])

    /// - Parameter cells: ascending, each once.
    package init(cells: [UInt64], counts: [Int32]) {
        precondition(cells.count == counts.count)
        self.cells = cells
        self.counts = counts
    }
}
