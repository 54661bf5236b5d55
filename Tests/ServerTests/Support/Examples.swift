import Domain
import H3
import TestDomain

extension DatasetStatus {
    static let toronto = DatasetStatus(
        dataset: Dataset(
            slug: "toronto", title: "Toronto crimes", licence: "Apache-2.0",
            licenceURL: "https://www.apache.org/licenses/LICENSE-2.0", attribution: "Toronto Police Service",
            timeZone: "America/Toronto", resolutions: [5, 6, 7, 8, 9]),
        days: LocalDay("2014-01-01")!...LocalDay("2021-12-31")!,
        bounds: BoundingBox(west: -79.64, south: 43.58, east: -79.12, north: 43.86), generation: 7)

    /// Toronto with the changes of the test.
    static func changed(_ change: (inout DatasetStatus) -> Void) -> DatasetStatus {
        var status = toronto
        change(&status)
        return status
    }
}

extension H3Cell {
    /// The cell of 43.65, -79.38 and its six neighbours from PyPI h3: `grid_disk(latlng_to_cell(43.65, -79.38, 8), 1)`.
    static let examples = [
        "882b9bc445fffff", "882b9bc461fffff", "882b9bc469fffff", "882b9bc46bfffff", "882b9bc46dfffff",
        "882b9bc713fffff", "882b9bc717fffff",
    ].compactMap { try? H3Cell($0) }
}

extension RiskRow {
    static func example(_ cell: H3Cell, score: Double = 30.1, day: String = "2021-12-31") -> RiskRow {
        RiskRow(
            cell: cell, day: LocalDay(day)!, resolution: cell.resolution.number, eventCount: 3, rolling7dAvg: 0.1 + 0.2,
            growthRate: -1.0 / 3, riskScore: score, riskLevel: RiskLevel(score: score), zScore: 2.5, anomaly: true,
            unusual: true)
    }
}
