package import Domain

/// The number of events of each cell and day, column by column, by cell and day; days without events are absent.
package struct CellDayCounts: Sendable, Equatable {
    /// The cell indexes.
    package private(set) var cells: [UInt64]
    package private(set) var days: [LocalDay]
    package private(set) var counts: [Int]

    /// Turns counts by day into counts by cell.
    ///
    /// O(n + c log c) in the number of counts and of distinct cells.
    ///
    /// - Parameter history: The days in ascending order, each once.
    package init(_ history: [(day: LocalDay, counts: DayCounts)]) {
        // Cells are numbered as they come, and then each gets its place in ascending order.
        var numbers: [UInt64: Int] = [:]
        var sizes: [Int] = []
        var entries: [Int] = []
        entries.reserveCapacity(history.reduce(0) { $0 + $1.counts.cells.count })
        for (_, day) in history {
            for cell in day.cells {
                let number = numbers[cell] ?? sizes.count
                if number == sizes.count {
                    numbers[cell] = number
                    sizes.append(0)
                }
                sizes[number] += 1
                entries.append(number)
            }
        }
        var places = [Int](repeating: 0, count: sizes.count)
        var place = 0
        for (_, number) in numbers.sorted(by: { $0.key < $1.key }) {
            places[number] = place
            place += sizes[number]
        }
        cells = [UInt64](repeating: 0, count: entries.count)
        days = [LocalDay](repeating: LocalDay(number: 0), count: entries.count)
        counts = [Int](repeating: 0, count: entries.count)
        var entry = 0
        for (day, figures) in history {
            for index in figures.cells.indices {
                let place = places[entries[entry]]
                places[entries[entry]] += 1
                cells[place] = figures.cells[index]
                days[place] = day
                counts[place] = Int(figures.counts[index])
                entry += 1
            }
        }
    }

    /// Counts points, each given by its cell and day, in any order. Points with cell 0 are outside any cell and are
    /// left out.
    package init(cells pointCells: [UInt64], days pointDays: [LocalDay]) {
        precondition(pointCells.count == pointDays.count)
        var tallies: [LocalDay: CellTally] = [:]
        for (cell, day) in zip(pointCells, pointDays) { tallies[day, default: CellTally()].add(cell) }
        self.init(tallies.sorted { $0.key < $1.key }.map { ($0.key, $0.value.dayCounts) })
    }
}
