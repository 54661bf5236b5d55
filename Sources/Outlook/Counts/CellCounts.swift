import H3

/// The events of one day or step in a study area, by position; cells without events are absent.
package struct CellCounts: Sendable, Equatable {
    /// The largest count of a cell in a day or step.
    package static let most = 1_000_000

    /// Positions in the study area, each once.
    package let positions: [Int32]
    /// The counts, 1 to `most` each.
    package let counts: [Int32]
    /// The number of events in cells outside the study area.
    package let outside: Int

    package static let none = CellCounts(positions: [], counts: [], outside: 0)

    /// The number of events in the study area.
    package var total: Int { counts.reduce(0) { $0 + Int($1) } }

    /// The counts as one number for each cell of an area of `count` cells.
    package func dense(_ count: Int) -> [Int32] {
        var dense = [Int32](repeating: 0, count: count)
        for (position, count) in zip(positions, counts) { dense[Int(position)] = count }
        return dense
    }
}

extension StudyArea {
    /// The counts of a day by position.
    ///
    /// - Parameters:
    ///   - indexes: Cell indexes, each once.
    ///   - counts: The number of events in each; a cell with 0 is left out.
    /// - Throws: `OutlookError` where the columns differ in length, a number is not a cell, a cell has another
    ///   resolution or a count is out of range.
    package func counts(cells indexes: [UInt64], counts: [Int32]) throws -> CellCounts {
        guard indexes.count == counts.count else {
            throw OutlookError.wrongLength(field: "counts", count: counts.count, expected: indexes.count)
        }
        var positions: [Int32] = []
        var kept: [Int32] = []
        var outside = 0
        for row in indexes.indices {
            let count = counts[row]
            guard (0...CellCounts.most).contains(Int(count)) else {
                throw OutlookError.countOutOfRange(Int(count), row: row)
            }
            let cell = H3Cell(unchecked: indexes[row])
            if let position = position(of: cell) {
                guard count > 0 else { continue }
                positions.append(Int32(position))
                kept.append(count)
            } else {
                guard H3Cell(indexes[row]) != nil else { throw OutlookError.notACell(indexes[row], row: row) }
                guard cell.resolution == resolution else {
                    throw OutlookError.otherResolution(cell, row: row, expected: resolution)
                }
                outside += Int(count)
            }
        }
        return CellCounts(positions: positions, counts: kept, outside: outside)
    }
}
