import Domain
import Foundation
import Risk
import TestDomain
import Testing

@testable import Commands

struct ScoreReportTests {
    private static func day(_ text: String) throws -> LocalDay { try #require(LocalDay(text)) }

    /// The cell's counts: 7 in the week before 8 June, 5 on that day, and 13 in the ten days of the run from 3 June on.
    private static let counts = [
        "2021-06-01": 1, "2021-06-03": 2, "2021-06-05": 1, "2021-06-06": 3, "2021-06-08": 5, "2021-06-10": 2,
    ]

    /// The days of the run have the counts 2, 1, 3, 5 and 2: their sum is 13, that of their squares 43.
    private static let deviation = Double(10 * 43 - 13 * 13).squareRoot() / 10

    private static func report(
        _ normalization: Normalization = .minmax, isCurrent: Bool = true
    ) throws -> ScoreReport {
        var counted: [LocalDay: Int] = [:]
        for (text, count) in counts { counted[try day(text)] = count }
        let found = ScoreExplanation(
            day: try day("2021-06-08"),
            run: ScoreExplanation.Run(
                number: 42, days: try day("2021-06-03")...day("2021-06-12"), normalization: normalization,
                thresholds: RiskThresholds(medium: 20, high: 40, critical: 60, flagZ: 1.5), rows: 31,
                lowestRisk: 0.5, highestRisk: 6.5),
            // average = (2 + 1 + 3 + 5) / 7, growth = (5 - 1) / 1, risk = 0.5 * 5 + 0.25 * 4, score = 100 * 3 / 6
            figures: ScoreExplanation.Figures(
                count: 5, rolling7dAvg: 11.0 / 7, growthRate: 4, risk: 3.5, score: 50, level: .high,
                zScore: (5 - 1.3) / deviation, isFlagged: true),
            weights: RiskWeights(count: 0.5, growth: 0.25, average: 0), isCurrent: isCurrent, counts: counted)
        return ScoreReport(
            found, dataset: "toronto", cell: "872b9bc46ffffff", day: try day("2021-06-08"), resolution: 7)
    }

    @Test func jsonHasEveryNumberUnderItsName() throws {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        let json = try JSONSerialization.jsonObject(with: encoder.encode(try Self.report())) as? NSDictionary
        #expect(
            json == [
                "dataset": "toronto", "resolution": 7, "cell": "872b9bc46ffffff", "date": "2021-06-08",
                "is_current": true,
                "counts": [
                    ["date": "2021-06-01", "events": 1], ["date": "2021-06-02", "events": 0],
                    ["date": "2021-06-03", "events": 2], ["date": "2021-06-04", "events": 0],
                    ["date": "2021-06-05", "events": 1], ["date": "2021-06-06", "events": 3],
                    ["date": "2021-06-07", "events": 0], ["date": "2021-06-08", "events": 5],
                ],
                "event_count": 5, "rolling_7d_avg": 11.0 / 7, "previous_7d_avg": 1, "growth_rate": 4,
                "weights": ["count": 0.5, "growth": 0.25, "average": 0],
                "risk": 3.5,
                "run": [
                    "id": 42, "from": "2021-06-03", "to": "2021-06-12", "days": 10, "normalization": "minmax",
                    "rows": 31, "lowest_risk": 0.5, "highest_risk": 6.5, "level_medium": 20, "level_high": 40,
                    "level_critical": 60, "flag_z": 1.5, "events": 13,
                ],
                "risk_score": 50, "risk_level": "high", "mean": 1.3, "deviation": Self.deviation,
                "z_score": 3.7 / Self.deviation,
                "anomaly": true,
            ])
    }

    @Test func textShowsTheArithmeticLineByLine() throws {
        let lines = try Self.report().text.split(separator: "\n").map(String.init)
        #expect(lines.first == "toronto, resolution 7, cell 872b9bc46ffffff, 2021-06-08")
        let week =
            "2021-06-01 1, 2021-06-02 0, 2021-06-03 2, 2021-06-04 0, 2021-06-05 1, 2021-06-06 3, 2021-06-07 0, "
            + "2021-06-08 5"
        for line in [
            "events          \(week)",
            "event_count     5",
            "previous        1.0",
            "growth_rate     (5 - previous) / max(previous, 1/7) = 4.0",
            "risk            0.5 event_count + 0.25 growth_rate + 0.0 rolling_7d_avg = 3.5",
            "run 42       2021-06-03 to 2021-06-12, 10 days, 31 rows",
            "risk_score      100 (risk - 0.5) / (6.5 - 0.5) = 50.0",
            String(repeating: " ", count: 16)
                + "minmax: the largest risk of the run is 100, so a few extraordinary days keep most scores low",
            "risk_level      high: medium above 20.0, high above 40.0, critical above 60.0",
            "                from 13 events of the cell over the run",
            "anomaly         true: flagged from 1.5 on",
        ] { #expect(lines.contains(line), "\(line)") }
    }

    @Test func aPercentileIsExplainedByTheOtherRows() throws {
        let text = try Self.report(.percentile).text
        #expect(text.contains("risk_score      percentage of the other 30 rows with a lower risk = 50.0"))
        #expect(!text.contains("100 (risk - "))
        #expect(text.contains("percentile: the rank among the rows of the run"))
    }

    @Test func onlyAScoreOfChangedEventsIsCalledOutdated() throws {
        let words = "Events changed after this run; the next run will score them again."
        #expect(try !Self.report().text.contains(words))
        #expect(try Self.report(isCurrent: false).text.contains("\n\(words)\n"))
    }
}
