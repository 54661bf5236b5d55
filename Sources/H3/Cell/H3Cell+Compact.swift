extension H3Cell {
    /// The smallest set of cells that covers the same surface as `cells`: as often as possible, all children of a cell
    /// are replaced by the cell.
    ///
    /// `cells` may be in any order and of several resolutions. The result is ordered by resolution, the finest first,
    /// then by bits. Time grows with n log n.
    ///
    /// - Throws: `duplicateInput` where a cell occurs twice, or once itself and once as all its children.
    public static func compact(_ cells: [H3Cell]) throws(H3Error) -> [H3Cell] {
        // Ordered by their bits, the finest cells come last, and the children of a cell are adjacent, the centre child
        // first.
        var rest = cells
        CellSort.sort(&rest)
        var parents = [H3Cell]()
        var compacted = [H3Cell]()
        while let last = rest.last ?? parents.last {
            let resolution = max(last.resolution, parents.last?.resolution ?? 0)
            let start = rest.firstIndex { $0.resolution == resolution } ?? rest.endIndex
            var level = parents
            if start < rest.endIndex {
                level += rest[start...]
                rest.removeSubrange(start...)
                if !parents.isEmpty { CellSort.sort(&level) }
            }
            parents = try compactLevel(level, resolution.number, into: &compacted)
        }
        return compacted
    }

    /// The parents of all complete families in `level`, which has cells of one resolution ordered by bits. The other
    /// cells are added to `compacted`.
    private static func compactLevel(
        _ level: [H3Cell], _ resolution: Int, into compacted: inout [H3Cell]
    ) throws(H3Error) -> [H3Cell] {
        let span = level.span
        for index in span.indices.dropFirst() where span[index - 1] == span[index] { throw .duplicateInput }
        guard resolution > 0 else {
            compacted += level
            return []
        }
        // Siblings differ only in their last digit. Seven cells in order, the last being six digits after the first,
        // are a family.
        let digit = UInt64(truncatingIfNeeded: 45 - 3 * resolution)
        var parents = [H3Cell]()
        var index = 0
        while index < span.count {
            let bits = span[index].bits
            if bits >> digit & 7 == 0 {
                let last = index + (span[index].isPentagon ? 5 : 6)
                if last < span.count, span[last].bits == bits | 6 << digit {
                    parents.append(H3Cell(unchecked: (bits &- 1 << 52) | 7 << digit))
                    index = last + 1
                    continue
                }
            }
            compacted.append(span[index])
            index += 1
        }
        return parents
    }

    /// The cells of `resolution` that `cells`, of the same or coarser resolutions, cover, in their order.
    ///
    /// Time and memory grow with their number.
    ///
    /// - Throws: The errors of `uncompactedCount(of:at:)`; `memoryAllocation` where there are more than an array here
    ///   may hold (2^28).
    public static func uncompact(_ cells: [H3Cell], at resolution: Resolution) throws(H3Error) -> [H3Cell] {
        let count = try ArrayBound.checked(try uncompactedCount(of: cells, at: resolution))
        return [H3Cell](unsafeUninitializedCapacity: count) { children, written in
            guard let child = children.baseAddress else { return }
            for cell in cells { written += cell.writeChildren(at: resolution.number, to: child + written) }
        }
    }

    /// Writes the cells of `resolution` that `cells` cover to the front of `result`, and returns their number.
    ///
    /// Time grows with their number; nothing is allocated.
    ///
    /// - Throws: The errors of `uncompactedCount(of:at:)`; `memoryBounds` where `result` is too short. Then nothing is
    ///   written.
    @discardableResult
    public static func uncompact(
        _ cells: Span<H3Cell>, at resolution: Resolution, into result: inout MutableSpan<H3Cell>
    ) throws(H3Error) -> Int {
        var count = 0
        for index in cells.indices { count = try sum(count, cells[index], resolution) }
        guard count <= result.count else { throw .memoryBounds }
        result.withUnsafeMutableBufferPointer { children in
            guard let child = children.baseAddress else { return }
            var written = 0
            for index in cells.indices {
                written += cells[index].writeChildren(at: resolution.number, to: child + written)
            }
        }
        return count
    }

    /// The number of cells of `resolution` that `cells` cover.
    ///
    /// Time grows with the number of `cells`.
    ///
    /// - Throws: `resolutionMismatch` where a cell is finer than `resolution`.
    public static func uncompactedCount(of cells: [H3Cell], at resolution: Resolution) throws(H3Error) -> Int {
        var count = 0
        for cell in cells { count = try sum(count, cell, resolution) }
        return count
    }

    private static func sum(_ count: Int, _ cell: H3Cell, _ resolution: Resolution) throws(H3Error) -> Int {
        guard cell.resolution <= resolution else { throw .resolutionMismatch }
        let (sum, overflows) = count.addingReportingOverflow(try cell.childCount(at: resolution))
        guard !overflows else { throw .memoryAllocation }
        return sum
    }
}
