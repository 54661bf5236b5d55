extension H3Cell {
    /// The largest number of cells within distance `k` of a cell: 1 + 3 k (k + 1), or all cells of resolution 15 if
    /// fewer.
    ///
    /// - Throws: `domain` where `k` is negative.
    public static func maxGridDiskSize(_ k: Int) throws(H3Error) -> Int {
        guard k >= 0 else { throw .domain }
        // From this distance on, a disk would contain more cells than there are.
        guard k < 13_780_510 else { return 2 + 120 * childCount(levels: 15, isPentagon: false) }
        return 1 + 3 * k * (k + 1)
    }

    /// The cells within `k` steps of this one.
    ///
    /// They are in rings from the middle out, each counter-clockwise from its corner in the direction of the i axis.
    /// Near a pentagon each ring is in no particular order, and there are fewer than `maxGridDiskSize(_:)`. Time grows
    /// with k^2.
    ///
    /// - Throws: `domain` where `k` is negative, `memoryAllocation` where there may be more cells than an array here
    ///   may hold (2^28).
    public func gridDisk(_ k: Int) throws(H3Error) -> [H3Cell] {
        let size = try Self.maxGridDiskSize(k)
        if let cells = try walkedDisk(k, size) { return cells }
        return try GridRings(around: self, to: k).rings.flatMap { $0 }
    }

    /// The cells within `k` steps of this one, with their distance, 0...`k`.
    ///
    /// Time grows with k^2.
    ///
    /// - Throws: The errors of `gridDisk(_:)`.
    public func gridDiskDistances(_ k: Int) throws(H3Error) -> [(cell: H3Cell, distance: Int)] {
        let size = try Self.maxGridDiskSize(k)
        if let cells = try walkedDisk(k, size) {
            var distance = 0
            return cells.enumerated().map { index, cell in
                // Ring d ends at 3 d (d + 1).
                if index > 3 * distance * (distance + 1) { distance += 1 }
                return (cell, distance)
            }
        }
        return try GridRings(around: self, to: k).rings.enumerated().flatMap { distance, ring in
            ring.map { ($0, distance) }
        }
    }

    /// Writes the cells within `k` steps to the front of `cells`, in the order of `gridDisk(_:)`, and returns their
    /// number.
    ///
    /// Nothing is allocated unless a pentagon is near.
    ///
    /// - Throws: `domain` where `k` is negative; `memoryBounds` where `cells` has fewer places than
    ///   `maxGridDiskSize(_:)`.
    @discardableResult
    public func gridDisk(_ k: Int, into cells: inout MutableSpan<H3Cell>) throws(H3Error) -> Int {
        let size = try Self.maxGridDiskSize(k)
        guard size <= cells.count else { throw .memoryBounds }
        if k == 1 || k == 2, lookUpDisk(k, into: &cells) { return size }
        if walkDisk(k, into: &cells) { return size }
        var written = 0
        for ring in try GridRings(around: self, to: k).rings {
            for cell in ring {
                cells[written] = cell
                written += 1
            }
        }
        return written
    }

    /// The cells within `k` steps, if no pentagon is among or between them.
    ///
    /// They are in the order of `gridDisk(_:)`. Time grows with k^2.
    ///
    /// - Throws: The errors of `gridDisk(_:)`; `pentagon` where one was met.
    public func gridDiskUnsafe(_ k: Int) throws(H3Error) -> [H3Cell] {
        let size = try ArrayBound.checked(try Self.maxGridDiskSize(k))
        var cells = [H3Cell](repeating: self, count: size)
        var span = cells.mutableSpan
        guard walkDisk(k, into: &span) else { throw .pentagon }
        return cells
    }

    /// The disk of every cell of `cells`, one after the other; see `gridDiskUnsafe(_:)`. Time grows with their number
    /// times k^2.
    ///
    /// - Throws: The errors of `gridDiskUnsafe(_:)`.
    public static func gridDisksUnsafe(_ cells: [H3Cell], _ k: Int) throws(H3Error) -> [H3Cell] {
        let (size, overflows) = try maxGridDiskSize(k).multipliedReportingOverflow(by: cells.count)
        guard !overflows else { throw .memoryAllocation }
        var disks = [H3Cell]()
        disks.reserveCapacity(try ArrayBound.checked(size))
        for cell in cells { disks += try cell.gridDiskUnsafe(k) }
        return disks
    }

    /// The disk of `size` cells, or nil where a pentagon was met.
    private func walkedDisk(_ k: Int, _ size: Int) throws(H3Error) -> [H3Cell]? {
        // A disk as large as the sphere meets a pentagon in any case.
        guard size < 2 + 120 * Self.childCount(levels: resolution.number, isPentagon: false) else { return nil }
        var cells = [H3Cell](repeating: self, count: try ArrayBound.checked(size))
        var span = cells.mutableSpan
        return walkDisk(k, into: &span) ? cells : nil
    }

    /// Walks the rings around this cell, 0...`k`; false where a pentagon was met, so that the written cells are
    /// useless.
    ///
    /// `cells` must have room for `maxGridDiskSize(k)`.
    private func walkDisk(_ k: Int, into cells: inout MutableSpan<H3Cell>) -> Bool {
        guard !isPentagon else { return false }
        cells[0] = self
        guard k > 0 else { return true }
        var cell = self
        var turns = 0
        var written = 1
        for ring in 1...k {
            guard let out = cell.neighbor(toward: Digits.i, turns: &turns), !out.isPentagon else { return false }
            cell = out
            for direction in GridRing.directions.indices {
                for _ in 0..<ring {
                    guard
                        let next = cell.neighbor(toward: GridRing.directions[direction], turns: &turns),
                        !next.isPentagon
                    else { return false }
                    cell = next
                    cells[written] = cell
                    written += 1
                }
            }
        }
        return true
    }
}
