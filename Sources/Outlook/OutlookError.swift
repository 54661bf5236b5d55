package import H3

/// A reason why an outlook cannot be computed from what was given.
package enum OutlookError: Error, Equatable {
    /// There is no cell to make a study area of.
    case noCells
    /// The number at `row` is not a cell index.
    case notACell(UInt64, row: Int)
    /// The cell at `row` has another resolution than the first one.
    case otherResolution(H3Cell, row: Int, expected: Resolution)
    /// The study area would have more cells than the limit.
    case tooManyCells(limit: Int, resolution: Resolution)
    /// Columns of a table differ in length, or a step has not one count for each cell.
    case wrongLength(field: String, count: Int, expected: Int)
    /// A count is negative or above `CellCounts.most`.
    case countOutOfRange(Int, row: Int)
    /// A setting is outside its range.
    case outOfRange(field: String, range: String)
    /// The days before the evaluation are too few.
    case tooFewDays(field: String, count: Int, least: Int)
}

extension OutlookError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .noCells: "cells: there is none; a study area needs at least one cell with an event"
        case .notACell(let bits, let row): "cells[\(row)]: \(String(bits, radix: 16)) is not a cell index"
        case .otherResolution(let cell, let row, let expected):
            "cells[\(row)]: resolution \(cell.resolution), but the study area has resolution \(expected)"
        case .tooManyCells(let limit, let resolution):
            "cells: the study area has more than \(limit) cells at resolution \(resolution); "
                + "choose a coarser resolution or an area layer"
        case .wrongLength(let field, let count, let expected): "\(field): \(count) values, but \(expected) are needed"
        case .countOutOfRange(let count, let row):
            "counts[\(row)]: \(count) is outside 0 to \(CellCounts.most)"
        case .outOfRange(let field, let range): "\(field): must be \(range)"
        case .tooFewDays(let field, let count, let least):
            "\(field): \(count) days of history before it, but at least \(least) are needed"
        }
    }
}
