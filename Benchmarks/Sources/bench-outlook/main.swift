import Domain
import Foundation
import Outlook

// bench-outlook hotspots FOLDER             CELLS and COUNTS of each step; writes the z-scores and trends beside them
// bench-outlook forecast FOLDER HORIZON     CELLS and COUNTS of each day; writes the means
// bench-outlook evaluate COUNTS.csv FROM TO HORIZON [REPORT.json]
//
// CELLS is cells.u64 (cell indexes), COUNTS counts.i32 (one row of all cells for each step), both little-endian, in the
// order of the cells, which must ascend. Prints a line of JSON with seconds.

func fail(_ reason: String) -> Never {
    FileHandle.standardError.write(Data("bench-outlook: \(reason)\n".utf8))
    exit(2)
}

let arguments = Array(CommandLine.arguments.dropFirst())
switch (arguments.first, arguments.count) {
case ("hotspots", 2): try measureHotSpots(in: URL(filePath: arguments[1]))
case ("forecast", 3):
    guard let horizon = Int(arguments[2]) else { fail("HORIZON is not a number: \(arguments[2])") }
    try measureForecast(in: URL(filePath: arguments[1]), horizon: horizon)
case ("evaluate", 5...6):
    guard let from = LocalDay(arguments[2]), let to = LocalDay(arguments[3]), let horizon = Int(arguments[4]),
        from <= to
    else { fail("FROM and TO are dates as 2021-01-01, HORIZON is a number of days") }
    try evaluate(
        URL(filePath: arguments[1]), from...to, horizon: horizon,
        report: arguments.count == 6 ? URL(filePath: arguments[5]) : nil)
default:
    fail("usage: hotspots FOLDER | forecast FOLDER HORIZON | evaluate COUNTS.csv FROM TO HORIZON [REPORT.json]")
}
