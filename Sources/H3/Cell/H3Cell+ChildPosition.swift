extension H3Cell {
    /// The index of this cell among the descendants of its ancestor at `resolution`, in the order of `children(at:)`.
    ///
    /// Constant time.
    ///
    /// - Throws: The errors of `parent(at:)`.
    public func childPosition(at resolution: Resolution) throws(H3Error) -> Int {
        let ancestor = try parent(at: resolution)
        let digits = digits
        var isPentagonal = ancestor.isPentagon
        var position = 0
        for level in stride(from: resolution.number + 1, through: self.resolution.number, by: 1) {
            let digit = Int(truncatingIfNeeded: digits[level])
            let levels = self.resolution.number - level
            let width = Self.childCount(levels: levels, isPentagon: false)
            // The centre child of a pentagon is a pentagon too, and there is no child 1.
            if isPentagonal, digit > 0 {
                position += Self.childCount(levels: levels, isPentagon: true) + (digit - 2) * width
                isPentagonal = false
            } else {
                position += digit * width
            }
        }
        return position
    }

    /// The descendant at `resolution` with the index `position`, in the order of `children(at:)`.
    ///
    /// Constant time.
    ///
    /// - Throws: `resolutionMismatch` where `resolution` is coarser; `domain` where `position` is negative or not below
    ///   `childCount(at:)`.
    public func child(at resolution: Resolution, position: Int) throws(H3Error) -> H3Cell {
        guard resolution >= self.resolution else { throw .resolutionMismatch }
        guard position >= 0, position < (try childCount(at: resolution)) else { throw .domain }
        var digits = Digits(bits: 0)
        var isPentagonal = isPentagon
        var rest = position
        for level in stride(from: self.resolution.number + 1, through: resolution.number, by: 1) {
            let levels = resolution.number - level
            let width = Self.childCount(levels: levels, isPentagon: false)
            if isPentagonal {
                let pentagonWidth = Self.childCount(levels: levels, isPentagon: true)
                guard rest >= pentagonWidth else { continue }
                rest -= pentagonWidth
                digits[level] = UInt64(truncatingIfNeeded: rest / width + 2)
                isPentagonal = false
            } else {
                digits[level] = UInt64(truncatingIfNeeded: rest / width)
            }
            rest %= width
        }
        return H3Cell(unchecked: try centerChild(at: resolution).bits | digits.bits)
    }
}
