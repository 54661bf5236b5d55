/// Counts events by cell as they come. It is a hash table, because there are usually many more points than cells.
package struct CellTally: Sendable {
    /// The cells in their slots; 0 for a free one. The number of slots is a power of two.
    private var cells: [UInt64]
    private var counts: [Int32]
    private var used = 0
    /// How far a product is shifted to the right to give a slot.
    private var shift: UInt64
    private static let firstBits = 6
    /// The factor of multiplicative hashing: 2^64 divided by the golden ratio (Knuth, The Art of Computer Programming
    /// 3, 6.4).
    private static let multiplier: UInt64 = 0x9E37_79B9_7F4A_7C15

    package init() { self.init(bits: Self.firstBits) }

    private init(bits: Int) {
        cells = [UInt64](repeating: 0, count: 1 << bits)
        counts = [Int32](repeating: 0, count: 1 << bits)
        shift = UInt64(64 - bits)
    }

    /// Counts an event. The cell 0 is left out.
    package mutating func add(_ cell: UInt64) {
        guard cell != 0 else { return }
        add(cell, 1)
    }

    private mutating func add(_ cell: UInt64, _ count: Int32) {
        var slot = Int((cell &* Self.multiplier) &>> shift)
        while cells[slot] != cell {
            if cells[slot] == 0 {
                if 2 * (used + 1) > cells.count {
                    grow()
                    return add(cell, count)
                }
                cells[slot] = cell
                used += 1
                break
            }
            slot = (slot + 1) & (cells.count - 1)
        }
        counts[slot] += count
    }

    private mutating func grow() {
        var larger = CellTally(bits: 64 - Int(shift) + 1)
        for slot in cells.indices where cells[slot] != 0 { larger.add(cells[slot], counts[slot]) }
        self = larger
    }

    /// The counts in ascending order of cells. O(c log c) in the number of cells.
    package var dayCounts: DayCounts {
        let slots = cells.indices.filter { cells[$0] != 0 }.sorted { cells[$0] < cells[$1] }
        return DayCounts(cells: slots.map { cells[$0] }, counts: slots.map { counts[$0] })
    }
}
