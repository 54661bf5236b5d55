extension H3Cell {
    /// Writes the descendants at a resolution, ordered by their bits, and returns their number.
    ///
    /// `resolution` must be that of the cell or finer, and at most 15. There must be room for `childCount(at:)`.
    func writeChildren(at resolution: Int, to cells: UnsafeMutablePointer<H3Cell>) -> Int {
        guard resolution > self.resolution.number else {
            cells.pointee = self
            return 1
        }
        var written = 0
        var family = ChildSequence(of: self, at: resolution - 1)
        let last = UInt64(truncatingIfNeeded: 45 &- 3 &* resolution)
        while let parent = family.next() {
            let middle = (parent.bits &+ 1 << 52) & ~(7 &<< last)
            var digit: UInt64 = 1
            (cells + written).pointee = H3Cell(unchecked: middle)
            written &+= 1
            // A pentagon has no child 1.
            if parent.isPentagon { digit = 2 }
            while digit < 7 {
                (cells + written).pointee = H3Cell(unchecked: middle | digit &<< last)
                written &+= 1
                digit &+= 1
            }
        }
        return written
    }
}
