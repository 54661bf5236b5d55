/// Finds the indices of cells in an array by their bits: a hash table with open addressing.
///
/// A dictionary that resists chosen keys takes about five times as long.
struct CellTable {
    private var places: [Int32]
    private let cells: [H3Cell]
    private let shift: UInt64

    /// Creates the table; nil where a cell occurs twice.
    init?(_ cells: [H3Cell]) {
        let logarithm = Int.bitWidth - (2 * cells.count + 1).leadingZeroBitCount
        self.cells = cells
        shift = UInt64(64 - logarithm)
        places = [Int32](repeating: -1, count: 1 << logarithm)
        for (place, cell) in cells.enumerated() {
            let slot = slot(of: cell)
            guard places[slot] < 0 else { return nil }
            places[slot] = Int32(place)
        }
    }

    /// The index of a cell, or nil where the array does not contain it.
    func place(of cell: H3Cell) -> Int? {
        let place = places[slot(of: cell)]
        return place < 0 ? nil : Int(place)
    }

    /// The slot of a cell, or the one where it would be.
    private func slot(of cell: H3Cell) -> Int {
        var slot = Int(truncatingIfNeeded: (cell.bits &* 0x9E37_79B9_7F4A_7C15) >> shift)
        while places[slot] >= 0, cells[Int(places[slot])] != cell { slot = (slot + 1) & (places.count - 1) }
        return slot
    }
}
