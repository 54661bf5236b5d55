import H3

/// The functions that give many cells or take them.
struct CellSets {
    let cells: [H3Cell]

    /// A disk of some 270,000 cells in the order of `gridDisk`.
    let compactable: [H3Cell]
    let resolution: Resolution

    init(cells: [H3Cell], resolution: Resolution) throws {
        self.cells = cells
        self.resolution = resolution
        compactable = try H3Cell(latitude: 43.65, longitude: -79.38, resolution: resolution).gridDisk(300)
    }

    func run() throws {
        let coarser = try Resolution(resolution.number - 2)
        let parents = try cells.prefix(cells.count / 49).map { try $0.parent(at: coarser) }
            .filter { !$0.isPentagon }
        var children = [H3Cell](repeating: cells[0], count: 49)
        try measure("cellToChildren", resolution, items: 49 * parents.count) {
            var sum: UInt64 = 0
            var span = children.mutableSpan
            for parent in parents {
                let count = try parent.children(at: resolution, into: &span)
                for place in 0..<count { sum &+= span[place].bits }
            }
            return sum
        }
        try measure("compactCells", resolution, items: compactable.count) {
            try H3Cell.compact(compactable).reduce(0) { $0 &+ $1.bits }
        }
        let compacted = try H3Cell.compact(compactable)
        var buffer = compactable
        try measure("uncompactCells", resolution, items: compactable.count) {
            var span = buffer.mutableSpan
            _ = try H3Cell.uncompact(compacted.span, at: resolution, into: &span)
            return buffer.reduce(0) { $0 &+ $1.bits }
        }
    }
}
