extension H3Cell {
    /// The smallest set of cells that covers what `cells` cover: where all children of a cell are there, it stands for
    /// them, again and again.
    ///
    /// `cells` come in any order and may be of several resolutions. The result is ordered by resolution, the finest first,
    /// then by bits. Time grows with n log n.
    ///
    /// - Throws: `duplicateInput` where a cell is there twice, or once and once more as all its children.
    public static func compact(_ cells: [H3Cell]) throws(H3Error) -> [H3Cell] {
        // By their bits the finest come last, and the children of a cell lie next to each other, the middle one first.
        var rest = cells.sorted()
        var parents = [H3Cell]()
        var compacted = [H3Cell]()
        while let last = rest.last ?? parents.last {
            let resolution = max(last.resolution, parents.last?.resolution ?? 0)
            let start = rest.firstIndex { $0.resolution == resolution } ?? rest.endIndex
            var level = rest[start...] + parents
            rest.removeSubrange(start...)
            if !parents.isEmpty { level.sort() }
            parents = try compactLevel(level, resolution.number, into: &compacted)
        }
        return compacted
    }

    /// The parents of all complete families in `level`, cells of one resolution ordered by bits; the others are added to
    /// `compacted`.
    private static func compactLevel(
        _ level: ArraySlice<H3Cell>, _ resolution: Int, into compacted: inout [H3Cell]
    ) throws(H3Error) -> [H3Cell] {
        var parents = [H3Cell]()
        var index = level.startIndex
        while index < level.endIndex {
            let cell = level[index]
            if index > level.startIndex, level[index - 1] == cell { throw .duplicateInput }
            guard resolution > 0 else {
                compacted.append(cell)
                index += 1
                continue
            }
            let parent = H3Cell(unchecked: cell.parentBits(of: resolution))
            let last = index + (parent.isPentagon ? 5 : 6)
            if last < level.endIndex, cell.bits == parent.centerChildBits(of: resolution),
                level[last].parentBits(of: resolution) == parent.bits, isAscending(level[index...last])
            {
                parents.append(parent)
                index = last + 1
            } else {
                compacted.append(cell)
                index += 1
            }
        }
        return parents
    }

    private static func isAscending(_ cells: ArraySlice<H3Cell>) -> Bool {
        zip(cells, cells.dropFirst()).allSatisfy { $0 < $1 }
    }

    /// The cells of `resolution` that `cells`, of the same or coarser resolutions, cover, in their order.
    ///
    /// - Throws: as `uncompactedCount(of:at:)`; `memoryAllocation` where they are more than an array here may hold (2^28).
    public static func uncompact(_ cells: [H3Cell], at resolution: Resolution) throws(H3Error) -> [H3Cell] {
        var result = [H3Cell]()
        result.reserveCapacity(try ArrayBound.checked(try uncompactedCount(of: cells, at: resolution)))
        for cell in cells { result.append(contentsOf: ChildSequence(of: cell, at: resolution.number)) }
        return result
    }

    /// Writes the cells of `resolution` that `cells` cover to the front of `result`; how many they are.
    ///
    /// - Throws: as `uncompactedCount(of:at:)`; `memoryBounds` where `result` is too short, and nothing is written then.
    @discardableResult
    public static func uncompact(
        _ cells: Span<H3Cell>, at resolution: Resolution, into result: inout MutableSpan<H3Cell>
    ) throws(H3Error) -> Int {
        var count = 0
        for index in cells.indices { count = try sum(count, cells[index], resolution) }
        guard count <= result.count else { throw .memoryBounds }
        var written = 0
        for index in cells.indices {
            var child = ChildSequence(of: cells[index], at: resolution.number)
            while let next = child.next() {
                result[written] = next
                written += 1
            }
        }
        return written
    }

    /// The number of cells of `resolution` that `cells` cover.
    ///
    /// - Throws: `resolutionMismatch` where a cell is finer than `resolution`.
    public static func uncompactedCount(of cells: [H3Cell], at resolution: Resolution) throws(H3Error) -> Int {
        var count = 0
        for cell in cells { count = try sum(count, cell, resolution) }
        return count
    }

    private static func sum(_ count: Int, _ cell: H3Cell, _ resolution: Resolution) throws(H3Error) -> Int {
        let (sum, overflows) = count.addingReportingOverflow(try cell.childCount(at: resolution))
        guard !overflows else { throw .memoryAllocation }
        return sum
    }

    /// The parent's bits; `resolution`, the cell's own, is 1...15.
    private func parentBits(of resolution: Int) -> UInt64 {
        (bits &- 1 << 52) | 7 << UInt64(truncatingIfNeeded: 45 - 3 * resolution)
    }

    private func centerChildBits(of resolution: Int) -> UInt64 {
        (bits &+ 1 << 52) & ~(7 << UInt64(truncatingIfNeeded: 45 - 3 * resolution))
    }
}
