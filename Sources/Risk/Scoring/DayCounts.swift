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

    /// Counts points by their cells, in any order. A cell of 0 is no cell and is left out.
    ///
    /// O(n log n) in the number of points.
    package init(points: [UInt64]) {
        var cells: [UInt64] = []
        var counts: [Int32] = []
        for cell in points.sorted() where cell != 0 {
            if cell == cells.last {
                counts[counts.count - 1] += 1
            } else {
                cells.append(cell)
                counts.append(1)
            }
        }
        self.init(cells: cells, counts: counts)
    }
}
