/// The descendants of a cell at one resolution, ordered by their bits, without an array.
///
/// Adding 1 to the last digit carries by itself where a digit passes 7. Skipped are a digit that became 7, and 1 as the
/// first digit other than 0 below a pentagon.
struct ChildSequence: Sequence, IteratorProtocol {
    private var current: UInt64
    private let one: UInt64
    private let end: UInt64
    private let isPentagon: Bool

    /// Creates the sequence. `resolution` must be that of `cell` or finer, and at most 15.
    init(of cell: H3Cell, at resolution: Int) {
        let own = H3Cell.unusedDigits(at: cell.resolution.number)
        let unused = H3Cell.unusedDigits(at: resolution)
        current = cell.bits & ~(0xF << 52) & ~own | UInt64(truncatingIfNeeded: resolution) << 52 | unused
        one = unused &+ 1
        end = (current | own) &+ 1
        isPentagon = cell.isPentagon
    }

    mutating func next() -> H3Cell? {
        guard current < end else { return nil }
        let result = H3Cell(unchecked: current)
        advance()
        return result
    }

    private mutating func advance() {
        current &+= one
        // Only a digit that was carried into can be 7 now. Adding 1 there continues the carry.
        var digit = one
        while current < end, current & (digit &* 7) == digit &* 7 {
            current &+= digit
            digit <<= 3
        }
        if isPentagon, current < end, H3Cell(unchecked: current).digits.leading == Digits.k { current &+= digit }
    }
}
