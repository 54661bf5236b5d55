extension RiskRow {
    /// The figures of a cell on a day, in the order of every output.
    package static let figures: [Figure<RiskRow>] = [
        Figure("h3_index", .cell { $0.cell }, "Index of the cell", outputs: [.tiles, .lists, .filters]),
        Figure("day", .day { $0.day }, "Day in the dataset's time zone", outputs: [.lists, .filters]),
        Figure("resolution", .integer { $0.resolution }, "Resolution of the cell", outputs: [.lists, .filters]),
        Figure(
            "event_count", .integer { $0.eventCount }, "Number of events on the day",
            outputs: [.tiles, .lists, .filters]),
        Figure(
            "rolling_7d_avg", .number { $0.rolling7dAvg }, "Mean number of events of this day and the six before",
            in: "events a day", outputs: [.tiles, .lists, .filters]),
        Figure(
            "growth_rate", .number { $0.growthRate }, "Growth compared with the mean of the seven days before",
            outputs: [.tiles, .lists, .filters]),
        Figure("risk_score", .number { $0.riskScore }, "Score from 0 to 100", outputs: [.tiles, .lists, .filters]),
        Figure(
            "risk_level", .level { $0.riskLevel }, "Level of the score", outputs: [.tiles, .lists, .filters]),
        Figure(
            "z_score", .number { $0.zScore }, "Distance from the cell's own mean", in: "standard deviations",
            outputs: [.tiles, .lists, .filters]),
        Figure(
            "anomaly", .truth { $0.anomaly }, "Whether the z-score is at least the dataset's flag_z",
            outputs: [.tiles, .lists, .filters]),
        Figure(
            "unusual", .truth { $0.unusual },
            "Whether the count is at least 3 and has a chance of at most 1 in 1000 by the cell's other days",
            outputs: [.tiles, .lists, .filters]),
        Figure(
            "area", .text { $0.area }, "Names of the areas that the cell lies in, if the dataset has a layer of them",
            outputs: .lists),
    ]
}

extension TopCell {
    /// The figures of a top cell. Rank and slope follow from the list and its period, and the resolution is the same
    /// for all, so no filter names them.
    package static let figures: [Figure<TopCell>] = [
        Figure("h3_index", .cell { $0.cell }, "Index of the cell", outputs: [.lists, .filters]),
        Figure("rank", .integer { $0.rank }, "Rank of the cell; 1 has the highest score", outputs: .lists),
        Figure("resolution", .integer { $0.resolution }, "Resolution of the cell", outputs: .lists),
        Figure("last_day", .day { $0.lastDay }, "Last day with events", outputs: [.lists, .filters]),
        Figure(
            "last_score", .number { $0.lastScore }, "Score on the last day with events", outputs: [.lists, .filters]),
        Figure(
            "last_level", .level { $0.lastLevel }, "Level on the last day with events", outputs: [.lists, .filters]),
        Figure("max_score", .number { $0.maxScore }, "Highest score of the period", outputs: [.lists, .filters]),
        Figure("max_level", .level { $0.maxLevel }, "Highest level of the period", outputs: [.lists, .filters]),
        Figure(
            "total_events", .integer { $0.totalEvents }, "Number of events of the period", outputs: [.lists, .filters]),
        Figure("days_active", .integer { $0.daysActive }, "Number of days with events", outputs: [.lists, .filters]),
        Figure(
            "days_flagged", .integer { $0.daysFlagged }, "Number of days with an anomaly", outputs: [.lists, .filters]),
        Figure(
            "growth_rate", .number { $0.growthRate }, "Growth rate on the last day with events",
            outputs: [.lists, .filters]),
        Figure(
            "slope", .number { $0.slope }, "Least-squares slope of the daily counts", in: "events a day per day",
            outputs: .lists),
        Figure(
            "area", .text { $0.area }, "Names of the areas that the cell lies in, if the dataset has a layer of them",
            outputs: .lists),
    ]
}
