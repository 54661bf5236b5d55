extension H3Cell {
    /// The largest number of cells at distance `k` of a cell: 6 k, and 1 for 0.
    ///
    /// - Throws: `domain` where `k` is negative or so large that the number has no place in an `Int`.
    public static func maxGridRingSize(_ k: Int) throws(H3Error) -> Int {
        guard k >= 0, k <= Int.max / 6 else { throw .domain }
        return k == 0 ? 1 : 6 * k
    }

    /// The cells exactly `k` steps from this one.
    ///
    /// They are in counter-clockwise order from the corner in the direction of the i axis. Near a pentagon they are in
    /// no particular order, and there are fewer than `maxGridRingSize(_:)`. Time grows with k, near a pentagon with
    /// k^2.
    ///
    /// - Throws: `domain` where `k` is negative, `memoryAllocation` where there may be more cells than an array here
    ///   may hold (2^28).
    public func gridRing(_ k: Int) throws(H3Error) -> [H3Cell] {
        if let ring = try walkedRing(k) { return ring }
        let rings = try GridRings(around: self, to: k).rings
        return k < rings.count ? rings[k] : []
    }

    /// Writes the cells exactly `k` steps away to the front of `cells`, in the order of `gridRing(_:)`, and returns
    /// their number.
    ///
    /// Nothing is allocated unless a pentagon is near.
    ///
    /// - Throws: `domain` where `k` is negative; `memoryBounds` where `cells` has fewer places than
    ///   `maxGridRingSize(_:)`.
    @discardableResult
    public func gridRing(_ k: Int, into cells: inout MutableSpan<H3Cell>) throws(H3Error) -> Int {
        let size = try Self.maxGridRingSize(k)
        guard size <= cells.count else { throw .memoryBounds }
        if walkRing(k, into: &cells) { return size }
        let rings = try GridRings(around: self, to: k).rings
        guard k < rings.count else { return 0 }
        for (index, cell) in rings[k].enumerated() { cells[index] = cell }
        return rings[k].count
    }

    /// The cells exactly `k` steps away, if no pentagon is among or between them, in the order of `gridRing(_:)`.
    ///
    /// Time grows with k.
    ///
    /// - Throws: The errors of `gridRing(_:)`; `pentagon` where one was met.
    public func gridRingUnsafe(_ k: Int) throws(H3Error) -> [H3Cell] {
        guard let ring = try walkedRing(k) else { throw .pentagon }
        return ring
    }

    private func walkedRing(_ k: Int) throws(H3Error) -> [H3Cell]? {
        let size = try Self.maxGridRingSize(k)
        // A ring with more cells than there are has met a pentagon.
        guard size < 2 + 120 * Self.childCount(levels: resolution.number, isPentagon: false) else { return nil }
        var cells = [H3Cell](repeating: self, count: try ArrayBound.checked(size))
        var span = cells.mutableSpan
        return walkRing(k, into: &span) ? cells : nil
    }

    /// Walks the ring; false where a pentagon was met, so that the written cells are useless.
    private func walkRing(_ k: Int, into cells: inout MutableSpan<H3Cell>) -> Bool {
        cells[0] = self
        guard k > 0 else { return true }
        guard !isPentagon else { return false }
        var cell = self
        var turns = 0
        for _ in 0..<k {
            guard let out = cell.neighbor(toward: Digits.i, turns: &turns), !out.isPentagon else { return false }
            cell = out
        }
        let first = cell
        var written = 0
        for side in GridRing.directions.indices {
            for _ in 0..<k {
                cells[written] = cell
                written += 1
                guard
                    let next = cell.neighbor(toward: GridRing.directions[side], turns: &turns), !next.isPentagon
                else { return false }
                cell = next
            }
        }
        // A ring around a pentagon does not close.
        return cell == first
    }
}
