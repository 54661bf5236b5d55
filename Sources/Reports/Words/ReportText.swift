/// The texts of a report. Each language has all of them, with the same names in braces (`ReportWords`).
enum ReportText: String, CaseIterable {
    case report, area, cell, dataset
    case cellNamed, resolution, kindAll, kindOne, period, periodMonths
    case alone, aloneLeast, up, upFromNone, down, steadily, few
    case spots, noSpots, standing, coldStanding, noStanding
    case expected, expectedBetween, expectedAbout
    case areaRank, areaUp, areaDown, areaSteady, areaFew
    case hidden, cut, approximate
    case mapTitle, mapLevels, historyWeeks, historyMonths, kindsTitle, figuresTitle, placesTitle
    case noCells, noHistory, noKinds, kindsHidden, other, others
    case columnPlace, columnClass, columnEvents, columnExpected
    case figureEvents, figureBefore, figureChange, figurePerDay, figureExpected, figureHalf, figureMost, figureChance
    case figureClass, figureZ, figureRank, figureRate, figureDensity, figureSafety, figurePopulation, figureSurface
    case figureCells, figurePeakWeek
    case new, growing, steady, fading, cold, none, low, medium, high, critical
    case perResidents, perSquareKilometre, squareKilometres, ofMany, between
    case methodTitle, methodOutlook, methodLevels, methodArea, methodEvents
    case limitsTitle, limits
    case sourceTitle, source, licence, footer
    case event, events, scale

    /// The text of a look of cells.
    init(_ look: CellLook) {
        self =
            switch look {
            case .new: .new
            case .growing: .growing
            case .steady: .steady
            case .fading: .fading
            case .cold: .cold
            case .none: .none
            case .low: .low
            case .medium: .medium
            case .high: .high
            case .critical: .critical
            }
    }
}
