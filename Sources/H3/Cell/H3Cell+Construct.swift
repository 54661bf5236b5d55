extension H3Cell {
    /// Creates the cell of `resolution` from a base cell and the digits of the resolutions 1...`resolution`.
    ///
    /// - Throws: `baseCellDomain` where `baseCell` is outside 0...121; `digitDomain` where a digit is outside 0...6 or
    ///   their number is not `resolution`; `deletedDigit` where they are in the sector that a pentagon does not have.
    public init(resolution: Resolution, baseCell: Int, digits: [Int]) throws(H3Error) {
        guard baseCell >= 0, baseCell < BaseCells.count else { throw .baseCellDomain }
        guard digits.count == resolution.number else { throw .digitDomain }
        var packed = Digits(bits: 0)
        let isPentagonal = BaseCells.isPentagon(baseCell)
        for (index, digit) in digits.enumerated() {
            guard digit >= 0, digit <= 6 else { throw .digitDomain }
            packed[index + 1] = UInt64(truncatingIfNeeded: digit)
            if isPentagonal, packed.leading == Digits.k { throw .deletedDigit }
        }
        self.init(unchecked: Self.baseCell(baseCell, resolution: resolution.number).bits | packed.bits)
    }

    /// The 122 cells of resolution 0.
    public static var resolution0Cells: [H3Cell] { (0..<BaseCells.count).map { baseCell($0, resolution: 0) } }

    /// The twelve pentagons of `resolution`.
    public static func pentagons(at resolution: Resolution) -> [H3Cell] {
        (0..<BaseCells.count).filter(BaseCells.isPentagon).map { baseCell($0, resolution: resolution.number) }
    }

    /// The number of cells of resolution 0.
    public static let resolution0CellCount = BaseCells.count

    /// The number of pentagons, the same at every resolution.
    public static let pentagonCount = 12

    /// The number of cells at `resolution`: 2 + 120 x 7^resolution.
    public static func cellCount(at resolution: Resolution) -> Int {
        2 + 120 * childCount(levels: resolution.number, isPentagon: false)
    }

    /// The descendant at the centre of base cell `number` at `resolution`.
    static func baseCell(_ number: Int, resolution: Int) -> H3Cell {
        let header = 1 << 59 | UInt64(truncatingIfNeeded: resolution) << 52 | UInt64(truncatingIfNeeded: number) << 45
        return H3Cell(unchecked: header | unusedDigits(at: resolution))
    }
}
