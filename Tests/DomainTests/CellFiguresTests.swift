import Domain
import H3
import Testing

struct CellFiguresTests {
    private static func names<Row>(_ figures: [Figure<Row>], in output: FigureOutputs) -> [String] {
        figures.filter { $0.outputs.contains(output) }.map(\.name)
    }

    @Test func aCellAndDayHasTheseFigures() {
        let all = [
            "h3_index", "day", "resolution", "event_count", "rolling_7d_avg", "growth_rate", "risk_score", "risk_level",
            "z_score", "anomaly", "unusual",
        ]
        #expect(Self.names(RiskRow.figures, in: .lists) == all + ["area"])
        #expect(Self.names(RiskRow.figures, in: .filters) == all)
        #expect(Self.names(RiskRow.figures, in: .tiles) == all.filter { $0 != "day" && $0 != "resolution" })
    }

    @Test func aTopCellHasTheseFigures() {
        #expect(
            Self.names(TopCell.figures, in: .lists) == [
                "h3_index", "rank", "resolution", "last_day", "last_score", "last_level", "max_score", "max_level",
                "total_events", "days_active", "days_flagged", "growth_rate", "slope",
                "area",
            ])
        #expect(
            Self.names(TopCell.figures, in: .filters) == [
                "h3_index", "last_day", "last_score", "last_level", "max_score", "max_level", "total_events",
                "days_active", "days_flagged", "growth_rate",
            ])
        #expect(Self.names(TopCell.figures, in: .tiles).isEmpty)
    }

    /// Every figure has a value of its own, so none reads the property of another.
    @Test func figuresReadTheirOwnValue() throws {
        let cell = try H3Cell("882b9bc46dfffff")
        let day = try #require(LocalDay("2021-12-31"))
        var row = RiskRow(
            cell: cell, day: day, resolution: 8, eventCount: 3, rolling7dAvg: 1.5, growthRate: 2.5, riskScore: 30.5,
            riskLevel: .medium, zScore: -4.5, anomaly: true, unusual: false)
        row.area = "Wychwood"
        #expect(
            RiskRow.figures.map { $0.text(of: row) } == [
                "882b9bc46dfffff", "2021-12-31", "8", "3", "1.5", "2.5", "30.5", "medium", "-4.5", "true", "false",
                "Wychwood",
            ])
        let top = TopCell(
            cell: cell, resolution: 8, rank: 1, lastDay: day, lastScore: 2.5, lastLevel: .low, maxScore: 90.5,
            maxLevel: .critical, totalEvents: 41, daysActive: 22, daysFlagged: 7, growthRate: 1.5, slope: -0.25)
        #expect(
            TopCell.figures.map { $0.text(of: top) } == [
                "882b9bc46dfffff", "1", "8", "2021-12-31", "2.5", "low", "90.5", "critical", "41", "22", "7", "1.5",
                "-0.25", "-",
            ])
    }

    @Test func anOutlookHasTheseFigures() throws {
        let row = OutlookRow(
            cell: try H3Cell("882b9bc46dfffff"), resolution: 8, asOf: try #require(LocalDay("2021-12-31")),
            kind: try #require(EventKind("violence")), period: .week,
            figures: .init(events: 21, before: 14, p: 0.25, trend: .steady, maxScore: 90.5, daysFlagged: 2),
            hotSpot: .init(hotSpotClass: .newHot, z: 4.5, trendP: 0.125),
            forecast: .init(horizon: 28, expected: 6.5, chance: 0.875, interval50: 5...8, interval90: 3...11),
            sortKey: -6.5)
        let texts = zip(OutlookRow.figures.map(\.name), OutlookRow.figures.map { $0.text(of: row) })
        #expect(
            texts.map { "\($0)=\($1)" } == [
                "h3_index=882b9bc46dfffff", "resolution=8", "as_of=2021-12-31", "kind=violence", "period=7",
                "events=21", "events_before=14", "events_per_day=3.0", "change_percent=50.0", "change_p=0.25",
                "trend=steady", "max_score=90.5", "days_flagged=2", "class=new_hot", "gi_z=4.5", "gi_trend_p=0.125",
                "horizon=28", "expected=6.5", "chance=0.875", "lower_50=5", "upper_50=8", "lower_90=3", "upper_90=11",
                "area=-",
            ])
        var quiet = row
        quiet.figures = .init(events: 0, before: 0, p: 1, trend: .few, maxScore: nil, daysFlagged: nil)
        let without = OutlookRow.figures.filter { $0.text(of: quiet) == "nil" }.map(\.name)
        #expect(without == ["change_percent", "max_score", "days_flagged"])
        #expect(OutlookPeriod.allCases.map(\.place) == [1, 2, 3, 4])
    }

    @Test func aSummaryNamesTheUnit() throws {
        let slope = try #require(TopCell.figures.first { $0.name == "slope" })
        #expect(slope.summary == "Least-squares slope of the daily counts, in events a day per day.")
        #expect(RiskRow.figures[3].summary == "Number of events on the day.")
    }
}

extension Figure {
    fileprivate func text(of row: Row) -> String {
        switch value {
        case .cell(let read): "\(read(row))"
        case .day(let read): "\(read(row))"
        case .level(let read): read(row).rawValue
        case .integer(let read): "\(read(row))"
        case .number(let read): "\(read(row))"
        case .truth(let read): "\(read(row))"
        case .text(let read): read(row) ?? "-"
        case .optionalInteger(let read): read(row).map { "\($0)" } ?? "nil"
        case .optionalNumber(let read): read(row).map { "\($0)" } ?? "nil"
        }
    }
}
