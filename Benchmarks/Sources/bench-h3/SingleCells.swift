import H3

/// The functions that take one cell, over all cells in turn.
struct SingleCells {
    let cells: [H3Cell]

    /// A cell one or two steps from each.
    let others: [H3Cell]
    let resolution: Resolution
    private let parentResolution: Resolution

    init(cells: [H3Cell], resolution: Resolution) throws {
        self.cells = cells
        self.resolution = resolution
        parentResolution = try Resolution(resolution.number - 2)
        others = cells.enumerated().map { index, cell in
            let disk = (try? cell.gridDiskUnsafe(2)) ?? []
            return index % 2 == 0 ? disk.dropFirst().first ?? cell : disk.last ?? cell
        }
    }

    func run() throws {
        measure("cellToBoundary", resolution, items: cells.count) { sum { UInt64($0.boundary.count) } }
        var disk = [H3Cell](repeating: cells[0], count: 19)
        try measure("gridDisk k=1", resolution, items: cells.count) { try sumOfDisks(1, &disk) }
        try measure("gridDisk k=2", resolution, items: cells.count) { try sumOfDisks(2, &disk) }
        try measure("cellToParent", resolution, items: cells.count) {
            try sum { try $0.parent(at: parentResolution).bits }
        }
        try measure("cellToCenterChild", resolution, items: cells.count) {
            try sum { try $0.centerChild(at: 15).bits }
        }
        try measure("cellToChildPos", resolution, items: cells.count) {
            try sum { UInt64(try $0.childPosition(at: parentResolution)) }
        }
        measure("isValidCell", resolution, items: cells.count) {
            var sum: UInt64 = 0
            for index in cells.indices {
                sum &+= H3Cell.isValid(cells[index].bits ^ UInt64(index & 1) << 44) ? 1 : 0
            }
            return sum
        }
        measure("isPentagon", resolution, items: cells.count) { sum { $0.isPentagon ? 1 : 0 } }
        measure("getResolution", resolution, items: cells.count) { sum { UInt64($0.resolution.number) } }
        measure("gridDistance", resolution, items: cells.count) {
            sumOfPairs { UInt64((try? $0.gridDistance(to: $1)) ?? 0) }
        }
        measure("areNeighborCells", resolution, items: cells.count) {
            sumOfPairs { (try? $0.isNeighbor(of: $1)) == true ? 1 : 0 }
        }
    }

    @inline(__always)
    private func sum(_ value: (H3Cell) throws -> UInt64) rethrows -> UInt64 {
        var sum: UInt64 = 0
        for cell in cells { sum &+= try value(cell) }
        return sum
    }

    @inline(__always)
    private func sumOfPairs(_ value: (H3Cell, H3Cell) -> UInt64) -> UInt64 {
        var sum: UInt64 = 0
        for index in cells.indices { sum &+= value(cells[index], others[index]) }
        return sum
    }

    private func sumOfDisks(_ k: Int, _ disk: inout [H3Cell]) throws -> UInt64 {
        var sum: UInt64 = 0
        var span = disk.mutableSpan
        for cell in cells {
            let count = try cell.gridDisk(k, into: &span)
            for place in 0..<count { sum &+= span[place].bits }
        }
        return sum
    }
}
