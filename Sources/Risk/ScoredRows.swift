package import Domain

/// The result of a run at one resolution, column by column, by cell and day.
package struct ScoredRows: Sendable, Equatable {
    /// The cell indexes.
    package internal(set) var cells: [UInt64] = []
    package internal(set) var days: [LocalDay] = []
    package internal(set) var counts: [Int] = []
    /// The mean number of events a day over the seven days that end with the row's.
    package internal(set) var rolling7dAvgs: [Double] = []
    package internal(set) var growthRates: [Double] = []
    package internal(set) var risks: [Double] = []

    package var count: Int { cells.count }
}
