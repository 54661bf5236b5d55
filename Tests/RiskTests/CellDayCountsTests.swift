import Domain
import Risk
import TestSupport
import Testing

struct CellDayCountsTests {
    private struct Key: Hashable {
        let cell: UInt64
        let day: LocalDay
    }

    @Test(arguments: UInt64(1)...6)
    func countsAreThoseOfADictionary(_ seed: UInt64) {
        var random = SplitMix(state: seed)
        var cells: [UInt64] = []
        var days: [LocalDay] = []
        var expected: [Key: Int] = [:]
        // Includes the top bit: cells are ordered as unsigned numbers.
        let choices: [UInt64] = [0, 1, 2, 0x8828_3082_83ff_ffff, .max]
        for _ in 0..<Int.random(in: 0...3000, using: &random) {
            let cell = choices.randomElement(using: &random) ?? 0
            let day = LocalDay(number: Int32.random(in: -20...20, using: &random))
            cells.append(cell)
            days.append(day)
            if cell != 0 { expected[Key(cell: cell, day: day), default: 0] += 1 }
        }
        let counts = CellDayCounts(cells: cells, days: days)
        let keys = zip(counts.cells, counts.days).map { Key(cell: $0, day: $1) }
        #expect(keys == expected.keys.sorted { $0.cell == $1.cell ? $0.day < $1.day : $0.cell < $1.cell })
        #expect(counts.counts == keys.map { expected[$0] ?? 0 })
    }

    @Test func noPointsAreNoCounts() {
        let counts = CellDayCounts(cells: [], days: [])
        #expect(counts.cells.isEmpty)
        #expect(counts.days.isEmpty)
        #expect(counts.counts.isEmpty)
    }

    @Test func pointsWithoutACellAreLeftOut() {
        let day = LocalDay(number: 3)
        #expect(CellDayCounts(cells: [0, 5, 0], days: [day, day, day]) == CellDayCounts(cells: [5], days: [day]))
    }
}
