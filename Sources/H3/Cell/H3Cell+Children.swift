extension H3Cell {
    /// The number of descendants at `resolution`: 7^d for a difference d in resolutions, and 1 + 5 (7^d - 1) / 6 for a
    /// pentagon.
    ///
    /// Constant time.
    ///
    /// - Throws: `resolutionDomain` where `resolution` is coarser.
    public func childCount(at resolution: Resolution) throws(H3Error) -> Int {
        guard resolution >= self.resolution else { throw .resolutionDomain }
        return Self.childCount(levels: resolution.number - self.resolution.number, isPentagon: isPentagon)
    }

    /// The descendants at `resolution`, ordered by their bits.
    ///
    /// Time and memory grow with their number.
    ///
    /// - Throws: The errors of `childCount(at:)`; `memoryAllocation` where there are more than an array here may hold
    ///   (2^28).
    public func children(at resolution: Resolution) throws(H3Error) -> [H3Cell] {
        let count = try ArrayBound.checked(try childCount(at: resolution))
        return [H3Cell](unsafeUninitializedCapacity: count) { cells, written in
            guard let cell = cells.baseAddress else { return }
            written = writeChildren(at: resolution.number, to: cell)
        }
    }

    /// Writes the descendants at `resolution`, ordered by their bits, to the front of `cells`, and returns their
    /// number.
    ///
    /// Nothing is allocated.
    ///
    /// - Throws: The errors of `childCount(at:)`; `memoryBounds` where `cells` is too short. Then nothing is written.
    @discardableResult
    public func children(at resolution: Resolution, into cells: inout MutableSpan<H3Cell>) throws(H3Error) -> Int {
        let count = try childCount(at: resolution)
        guard count <= cells.count else { throw .memoryBounds }
        return cells.withUnsafeMutableBufferPointer { cells in
            guard let cell = cells.baseAddress else { return 0 }
            return writeChildren(at: resolution.number, to: cell)
        }
    }

    /// The number of descendants `levels` resolutions below a cell; `levels` is 0...15.
    static func childCount(levels: Int, isPentagon: Bool) -> Int {
        var count = 1
        for _ in 0..<levels { count *= 7 }
        return isPentagon ? 1 + 5 * (count - 1) / 6 : count
    }
}
