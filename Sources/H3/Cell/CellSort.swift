/// Sorting cells by their bits.
enum CellSort {
    private static let digitWidth: UInt64 = 11

    /// Sorts by counting, eleven bits at a time from the lowest, using only those bits in which the cells differ.
    ///
    /// Cells of one resolution that are near each other differ in few bits. Cells already in order are not moved.
    static func sort(_ cells: inout [H3Cell]) {
        guard let first = cells.first else { return }
        var differing: UInt64 = 0
        var isOrdered = true
        var last = first
        for cell in cells {
            differing |= cell.bits ^ first.bits
            isOrdered = isOrdered && last <= cell
            last = cell
        }
        guard !isOrdered else { return }
        // For a few cells, counting through all digits costs more than sorting.
        guard cells.count > 256 else { return cells.sort() }
        var sorted = cells
        var place = UInt64(differing.trailingZeroBitCount)
        while place < 64, differing >> place != 0 {
            move(cells.span, by: place, into: &sorted)
            swap(&cells, &sorted)
            place += digitWidth
            if place < 64, differing >> place != 0 { place += UInt64((differing >> place).trailingZeroBitCount) }
        }
    }

    /// Writes the cells ordered by the eleven bits from `place` up, and otherwise in their present order.
    private static func move(_ cells: Span<H3Cell>, by place: UInt64, into sorted: inout [H3Cell]) {
        let mask = UInt64(1) << digitWidth - 1
        var starts = [Int](repeating: 0, count: 1 << digitWidth)
        for index in cells.indices { starts[Int(cells[index].bits >> place & mask)] += 1 }
        var start = 0
        for digit in starts.indices {
            let count = starts[digit]
            starts[digit] = start
            start += count
        }
        for index in cells.indices {
            let digit = Int(cells[index].bits >> place & mask)
            sorted[starts[digit]] = cells[index]
            starts[digit] += 1
        }
    }
}
