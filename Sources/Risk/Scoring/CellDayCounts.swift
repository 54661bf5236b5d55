/// How many events each cell had on each day, column by column, in ascending order of (cell, day); days without are absent.
package struct CellDayCounts: Sendable, Equatable {
    /// H3 indexes.
    package private(set) var cells: [UInt64] = []
    package private(set) var days: [LocalDay] = []
    package private(set) var counts: [Int] = []

    /// Counts points, each given by its cell and its day, in any order. A cell of 0 is no cell and is left out.
    ///
    /// O(n log n) in the number of points.
    package init(cells pointCells: [UInt64], days pointDays: [LocalDay]) {
        precondition(pointCells.count == pointDays.count)
        var points: [Point] = []
        points.reserveCapacity(pointCells.count)
        for index in pointCells.indices where pointCells[index] != 0 {
            points.append(Point(cell: pointCells[index], day: pointDays[index].number))
        }
        points.sort()
        var previous: Point?
        for point in points {
            if point == previous {
                counts[counts.count - 1] += 1
            } else {
                cells.append(point.cell)
                days.append(LocalDay(number: point.day))
                counts.append(1)
                previous = point
            }
        }
    }

    private struct Point: Comparable {
        let cell: UInt64
        let day: Int32

        static func < (left: Self, right: Self) -> Bool {
            left.cell == right.cell ? left.day < right.day : left.cell < right.cell
        }
    }
}
