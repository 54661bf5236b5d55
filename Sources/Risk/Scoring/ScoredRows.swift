/// What a run made of cells and days at one resolution, column by column, in ascending order of (cell, day).
package struct ScoredRows: Sendable, Equatable {
    /// H3 indexes.
    package internal(set) var cells: [UInt64] = []
    package internal(set) var days: [LocalDay] = []
    package internal(set) var counts: [Int] = []
    /// Events a day over the seven days that end with the row's.
    package internal(set) var rolling7dAvgs: [Double] = []
    package internal(set) var growthRates: [Double] = []
    package internal(set) var risks: [Double] = []

    package var count: Int { cells.count }
}
