/// The cells around a cell by their distance, found by going from every cell to its neighbours.
///
/// This is also correct around pentagons, where walking along a ring is not.
struct GridRings {
    /// The cells at each distance, from 0 up; it ends early where there are no further cells.
    private(set) var rings: [[H3Cell]]

    /// - Throws: `memoryAllocation` where there are more cells than an array here may hold.
    init(around origin: H3Cell, to k: Int) throws(H3Error) {
        rings = [[origin]]
        var seen: Set = [origin]
        for _ in 0..<k {
            var ring = [H3Cell]()
            for cell in rings[rings.count - 1] {
                for direction in 1...6 as ClosedRange<UInt64> {
                    var turns = 0
                    guard let next = cell.neighbor(toward: direction, turns: &turns) else { continue }
                    if seen.insert(next).inserted { ring.append(next) }
                }
            }
            if ring.isEmpty { return }
            _ = try ArrayBound.checked(seen.count)
            rings.append(ring)
        }
    }
}
