import Risk
import TestSupport
import Testing

struct CellTallyTests {
    @Test(arguments: [0, 1, 30, 33, 5000])
    func countsAreThoseOfADictionary(_ distinct: Int) {
        var random = SplitMix(state: UInt64(distinct))
        // Neighbouring cells differ in few bits, and most of their lowest bits are ones.
        let cells = (0..<distinct).map { 0x0882_aa00_0000_0000 | UInt64($0) << 21 | 0x1f_ffff }
        var expected: [UInt64: Int32] = [:]
        var tally = CellTally()
        for _ in 0..<3 * distinct {
            guard let cell = cells.randomElement(using: &random) else { continue }
            tally.add(cell)
            expected[cell, default: 0] += 1
        }
        tally.add(0)
        let counts = tally.dayCounts
        #expect(counts.cells == expected.keys.sorted())
        #expect(counts.counts == counts.cells.map { expected[$0] ?? 0 })
    }
}
