import Domain
import H3
import Postgres
import TestDatabase
import TestDomain
import TestStorage

@testable import Storage

extension OutlookColumns {
    /// Columns whose figures follow from the place of a cell in the list, so that all rows differ.
    static func sample(_ cells: [H3Cell], isOfAll: Bool = true, shift: Int32 = 0) -> Self {
        let ascending = cells.map(\.bits).sorted()
        let places = ascending.indices.map { Int32($0) + shift }
        func periods<Value>(_ value: (Int32, Int32) -> Value) -> [Value] {
            (0..<4).flatMap { period in places.map { value(Int32(period), $0) } }
        }
        return OutlookColumns(
            cells: ascending, events: periods { 1000 * $0 + $1 }, eventsBefore: periods { 500 * $0 + $1 % 3 },
            changePs: periods { 1 / Double(2 + $0 + $1) }, trends: periods { CountTrend.allCases[Int($0 + $1) % 4] },
            maxScores: isOfAll ? periods { $1 % 2 == 0 ? Double($0 + $1) / 8 : -1 } : nil,
            daysFlagged: isOfAll ? periods { $0 + $1 } : nil,
            classes: places.map { HotSpotClass.allCases[Int($0) % HotSpotClass.allCases.count] },
            giZs: places.map { Double($0) / 16 - 2 }, giTrendPs: places.map { 1 / Double($0 + 1) },
            expected: places.map { Double($0) / 32 }, chances: places.map { Double($0) / Double($0 + 1) },
            lower50: places.map { $0 }, upper50: places.map { $0 + 1 }, lower90: places.map { max(0, $0 - 1) },
            upper90: places.map { $0 + 2 })
    }
}

extension OutlookHead {
    static func sample(
        _ dataset: Slug, asOf: String = "2021-06-30", kind: EventKind = .all, resolution: Int = 7
    ) -> Self {
        guard let day = LocalDay(asOf) else { preconditionFailure("\(asOf) is no day") }
        return OutlookHead(
            dataset: dataset, resolution: resolution, asOf: day, kind: kind, firstDay: day.advanced(by: -400),
            steps: 52, alpha: 0.05, isCorrected: true, threshold: 0.01, horizon: 7, model: "{}")
    }
}

/// Cells of a grid around Toronto.
func gridOfCells(_ count: Int, resolution: Int = 7) throws -> [H3Cell] {
    let cells = try (0..<count).map { index in
        try H3Cell(
            latitude: 43 + Double(index % 40) / 40, longitude: -80 + Double(index / 40) / 40,
            resolution: Resolution(resolution))
    }
    return Set(cells).sorted()
}
