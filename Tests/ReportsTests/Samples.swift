import Domain
import H3

@testable import Reports

extension ReportData {
    /// A report of a dataset with something in every part.
    static func sample(_ change: (inout ReportData) throws -> Void = { _ in }) throws -> ReportData {
        let last = LocalDay("2021-12-31")!
        let cells = try H3Cell("882b9bc46dfffff").gridDisk(4)
        let looks: [CellLook] = [.none, .new, .growing, .steady, .fading, .cold]
        let square = AreaOutline(polygons: [[[-79.4, 43.6, -79.3, 43.6, -79.3, 43.7, -79.4, 43.7, -79.4, 43.6]]])
        var data = ReportData(
            dataset: Dataset(
                slug: Slug("toronto")!, title: "Toronto crimes", licence: "Apache-2.0",
                licenceURL: "https://www.apache.org/licenses/LICENSE-2.0", attribution: "Toronto Police Service",
                resolutions: [8]),
            subject: .dataset, period: last.advanced(by: -27)...last, generation: 7,
            map: ReportMap(
                resolution: 8,
                cells: cells.enumerated().map { .init(cell: $1, look: looks[$0 % looks.count]) },
                borders: [
                    .init(
                        name: "Downtown", label: .init(longitude: -79.38, latitude: 43.65), outline: square)
                ]),
            events: 120, before: 60,
            history: ReportHistory(
                step: .week, bars: (0..<52).map { .init(first: last.advanced(by: 7 * $0 - 363), events: $0) }),
            kinds: (1...12).map { ReportKind(name: "type \($0)", events: 13 - $0) },
            forecast: ReportForecast(horizon: 7, expected: 41.6),
            places: [
                ReportPlace(cell: cells[0], name: "King and Bay", look: .new, events: 9, expected: 2.25),
                ReportPlace(cell: cells[1], name: nil, look: .growing, events: 4, expected: 0.5),
            ])
        try change(&data)
        return data
    }
}
