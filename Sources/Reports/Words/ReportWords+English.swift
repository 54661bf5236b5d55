extension ReportWords {
    static let english: [ReportText: String] = [
        .report: "Report",
        .area: "Area",
        .cell: "Cell",
        .dataset: "Dataset",
        .cellNamed: "Cell {cell}",
        .resolution: "resolution {number}",
        .kindAll: "all types of events",
        .kindOne: "events of the group {kind}",
        .period: "{from} to {to}",
        .periodMonths: "months up to {to}",
        .alone: "{events} from {from} to {to}.",
        .aloneLeast: "At least {events} from {from} to {to}.",
        .up: "{events} from {from} to {to}: up {percent} on the {days} days before ({before}).",
        .upFromNone: "{events} from {from} to {to}, after none in the {days} days before.",
        .down: "{events} from {from} to {to}: down {percent} on the {days} days before ({before}).",
        .steadily:
            "{events} from {from} to {to}. No clear change on the {days} days before: {before}; chance "
            + "explains the difference.",
        .few: "{events} from {from} to {to}, and {before} in the {days} days before: too few to speak of change.",
        .spots:
            "Cells that are hot spots of the last 52 weeks: {hot}. New: {new}; getting hotter: {growing}; steady: "
            + "{steady}; at times or fading: {fading}.",
        .noSpots: "No cell is a hot spot of the last 52 weeks.",
        .standing: "A hot spot ({class}): together with its neighbours it has more events than the rest of the place.",
        .coldStanding: "A cold spot: together with its neighbours it has fewer events than the rest of the place.",
        .noStanding: "Neither a hot nor a cold spot of the last 52 weeks.",
        .expected: "Expected in the {days} days after {to}: about {events}.",
        .expectedBetween:
            "Expected in the {days} days after {to}: {events}, with a chance of 90% between {low} and {high}.",
        .expectedAbout: "about {number}",
        .areaRank: "Rank {rank} of {areas} by rate; rank 1 has the most events for its size.",
        .areaUp: "Last 12 full months: {events}, up {percent} on the 12 before ({before}).",
        .areaDown: "Last 12 full months: {events}, down {percent} on the 12 before ({before}).",
        .areaSteady: "Last 12 full months: {events}, no clear change on the 12 before ({before}).",
        .areaFew: "Last 12 full months: {events}, and {before} in the 12 before: too few to speak of change.",
        .hidden:
            "Counts below {minimum} are hidden, and others are rounded down to a multiple of {minimum}. What is "
            + "missing is hidden or zero.",
        .cut: "The map has the {number} cells with the most expected events; there are more.",
        .approximate: "The borders of these areas were derived from events and are no official ones.",
        .mapTitle: "Hot and cold spots",
        .mapLevels: "Cells that stood out, by their highest level of the period",
        .historyWeeks: "Events by week",
        .historyMonths: "Events by month",
        .kindsTitle: "Types of events",
        .figuresTitle: "Figures",
        .placesTitle: "Where to look first",
        .noCells: "No cell stood out.",
        .noHistory: "No events are known.",
        .noKinds: "No events in the period.",
        .kindsHidden: "Types of events of a single place are not told where small counts are hidden.",
        .other: "1 other type",
        .others: "{number} other types",
        .columnPlace: "Place",
        .columnClass: "Class",
        .columnEvents: "Events",
        .columnExpected: "Expected",
        .figureEvents: "Events of the period",
        .figureBefore: "The same number of days before",
        .figureChange: "Change",
        .figurePerDay: "Events a day",
        .figureExpected: "Expected in {days} days",
        .figureHalf: "with a chance of 50%",
        .figureMost: "with a chance of 90%",
        .figureChance: "Chance of at least one",
        .figureClass: "Class",
        .figureZ: "Gi* of the last week (z-score)",
        .figureRank: "Rank by events",
        .figureRate: "Rate a year",
        .figureDensity: "Density a year",
        .figureSafety: "Safety score (0 to 100)",
        .figurePopulation: "Residents",
        .figureSurface: "Surface",
        .figureCells: "Cells on the map",
        .figurePeakWeek: "Most in a week",
        .new: "New hot spot",
        .growing: "Getting hotter",
        .steady: "Steady hot spot",
        .fading: "Hot at times or fading",
        .cold: "Cold spot",
        .none: "Neither hot nor cold",
        .low: "Low",
        .medium: "Medium",
        .high: "High",
        .critical: "Critical",
        .perResidents: "{number} per 1,000 residents",
        .perSquareKilometre: "{number} per km²",
        .squareKilometres: "{number} km²",
        .ofMany: "{number} of {all}",
        .between: "{low} to {high}",
        .methodTitle: "Method",
        .methodOutlook:
            "Events are counted in H3 cells by day. A hot spot is a cell whose Getis-Ord Gi* statistic over itself and "
            + "its neighbours is significant (false discovery rate 5%) in weeks of the last 52; its class says when. "
            + "The forecast is a Gamma-Poisson model of each cell's past counts with weekday, season and neighbours. "
            + "Changes are called so where an exact test of the two counts has p below 0.05.",
        .methodLevels:
            "Events are counted in H3 cells by day. A score from 0 to 100 compares a cell and day with all others; "
            + "levels begin at the scores {medium}, {high} and {critical}. The map shows cells that reached High or "
            + "had an unusual day.",
        .methodArea:
            "Rates are drawn towards the mean of all areas of the layer (empirical Bayes), so that small areas do not "
            + "lead by chance. The safety score is the share of other areas with a higher rate.",
        .methodEvents: "Types are those of the source.",
        .limitsTitle: "What the figures cannot tell",
        .limits:
            "Recorded events are not all events: who looks, finds, and what nobody reports is missing. Points are "
            + "often moved to the middle of a street or block. The last days are seldom complete. A hot spot is a "
            + "cluster of counts and says nothing of causes; a count is not a rate. A forecast knows past counts "
            + "only, and is about places, never about persons.",
        .sourceTitle: "Source",
        .source: "{attribution}. Data up to {to}.",
        .licence: "Licence: {licence}.",
        .footer: "Hextant · version {version} of the data · data up to {to}",
        .event: "{number} event",
        .events: "{number} events",
        .scale: "{number} km",
    ]
}
