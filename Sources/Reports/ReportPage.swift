import Domain
import Outlook

/// The texts and numbers of a page, in the order in which they are read.
struct ReportPage {
    struct Figure {
        let name: String
        let value: String
        /// Whether the value is a name from data.
        var isData = false
    }

    struct Place {
        let name: String
        let look: CellLook
        let events: String
        let expected: String
    }

    let words: ReportWords
    /// The line above the title.
    let kicker: String
    let title: String
    let subtitle: String
    let sentences: [String]
    let mapTitle: String
    let legend: [(look: CellLook, name: String)]
    let figures: [Figure]
    let historyTitle: String
    let history: ReportHistory
    /// The days whose steps are drawn stronger.
    let period: ClosedRange<LocalDay>
    let forecast: ReportForecast?
    let kinds: [ReportKind]
    /// The sentence in the place of kinds, where there are none to show.
    let withoutKinds: String
    let places: [Place]
    let notes: [(title: String, text: String)]
    let footer: String
    let author: String
    /// The last day that the data know, as YYYY-MM-DD.
    let date: String

    /// The most rows of the lists.
    private static let mostKinds = 8
    private static let mostPlaces = 6

    init(_ data: ReportData, _ language: ReportLanguage) {
        let words = ReportWords(language)
        self.words = words
        let (from, to) = (words.day(data.period.lowerBound), words.day(data.period.upperBound))
        let name = ReportWords.isolated(data.dataset.title)
        switch data.subject {
        case .dataset:
            kicker = "\(words[.report]) · \(words[.dataset])"
            title = data.dataset.title
        case .cell(let cell):
            kicker = "\(words[.report]) · \(words[.cell]) · \(name)"
            title = data.place ?? words[.cellNamed, ["cell": "\(cell)"]]
        case .area(_, let id):
            let layer = data.layerName.map { " · \(ReportWords.isolated($0))" } ?? ""
            kicker = "\(words[.report]) · \(words[.area]) · \(name)\(layer)"
            title = data.place ?? id
        }
        var parts = [words[.period, ["from": from, "to": to]]]
        switch data.kind {
        case .all: parts.append(words[.kindAll])
        case .group(let group): parts.append(words[.kindOne, ["kind": ReportWords.isolated(group.text)]])
        }
        if case .cell(let cell) = data.subject { parts.append(words[.cellNamed, ["cell": "\(cell)"]]) }
        if let resolution = data.map.resolution {
            parts.append(words[.resolution, ["number": String(resolution)]])
        }
        subtitle = parts.joined(separator: " · ")
        sentences = Self.sentences(data, words)
        let isOutlook = data.isOfOutlook
        mapTitle = words[isOutlook ? .mapTitle : .mapLevels]
        let looks: [CellLook] =
            isOutlook ? [.new, .growing, .steady, .fading, .cold, .none] : [.critical, .high, .medium, .low]
        let drawn = Set(data.map.cells.map(\.look))
        legend = looks.filter(drawn.contains).map { ($0, words[ReportText($0)]) }
        figures = Self.figures(data, words)
        historyTitle = words[data.history.step == .week ? .historyWeeks : .historyMonths]
        history = data.history
        period = data.period
        forecast = data.forecast
        let all = data.kinds ?? []
        kinds = all.count <= Self.mostKinds ? all : Self.shortened(all, words)
        withoutKinds = words[data.kinds == nil ? .kindsHidden : .noKinds]
        places = data.places.prefix(Self.mostPlaces).map { place in
            Place(
                name: place.name ?? "\(place.cell)", look: place.look, events: words.whole(place.events),
                expected: place.expected.map(words.expected) ?? "")
        }
        notes = Self.notes(data, words)
        footer =
            words[
                .footer, ["version": String(data.generation), "to": to]]
        author = data.dataset.attribution
        date = data.period.upperBound.description
    }

    private static func shortened(_ kinds: [ReportKind], _ words: ReportWords) -> [ReportKind] {
        let rest = kinds.dropFirst(mostKinds - 1)
        let name = words[rest.count == 1 ? .other : .others, ["number": words.whole(rest.count)]]
        return kinds.prefix(mostKinds - 1) + [ReportKind(name: name, events: rest.reduce(0) { $0 + $1.events })]
    }

    // MARK: Sentences

    private static func sentences(_ data: ReportData, _ words: ReportWords) -> [String] {
        var lines = [eventsLine(data, words)]
        if let standing = data.cell {
            lines.append(standingLine(standing, words))
        } else if data.isOfOutlook, data.subject == .dataset {
            lines.append(spotsLine(data, words))
        }
        if let area = data.area {
            if let line = yearsLine(area, words) { lines.append(line) }
            if let rank = area.rank {
                lines.append(words[.areaRank, ["rank": words.whole(rank), "areas": words.whole(area.areas)]])
            }
        }
        if let forecast = data.forecast { lines.append(forecastLine(forecast, data, words)) }
        if let minimum = data.disclosure.minimum {
            lines.append(words[.hidden, ["minimum": words.whole(minimum)]])
        }
        if data.map.isCut { lines.append(words[.cut, ["number": words.whole(data.map.cells.count)]]) }
        if data.area?.isApproximate == true { lines.append(words[.approximate]) }
        return lines
    }

    private static func eventsLine(_ data: ReportData, _ words: ReportWords) -> String {
        var values = [
            "events": words.events(data.events), "from": words.day(data.period.lowerBound),
            "to": words.day(data.period.upperBound), "days": words.whole(data.days),
        ]
        guard let before = data.before else {
            return words[data.disclosure == .exact ? .alone : .aloneLeast, values]
        }
        let change = PeriodChange(events: data.events, before: before).word()
        values["before"] = words.whole(before)
        if before > 0 { values["percent"] = words.percent(abs(Double(data.events) / Double(before) - 1)) }
        switch change {
        case .rising: return words[before > 0 ? .up : .upFromNone, values]
        case .falling: return words[.down, values]
        case .steady: return words[.steadily, values]
        case .few: return words[.few, values]
        }
    }

    private static func standingLine(_ standing: CellStanding, _ words: ReportWords) -> String {
        let look = CellLook(standing.hotSpotClass)
        switch look {
        case .cold: return words[.coldStanding]
        case .none: return words[.noStanding]
        default: return words[.standing, ["class": words[ReportText(look)]]]
        }
    }

    private static func spotsLine(_ data: ReportData, _ words: ReportWords) -> String {
        var numbers: [CellLook: Int] = [:]
        for cell in data.map.cells { numbers[cell.look, default: 0] += 1 }
        let hot: [CellLook] = [.new, .growing, .steady, .fading]
        let sum = hot.reduce(0) { $0 + (numbers[$1] ?? 0) }
        guard sum > 0 else { return words[.noSpots] }
        var values = Dictionary(uniqueKeysWithValues: hot.map { ($0.rawValue, words.whole(numbers[$0] ?? 0)) })
        values["hot"] = words.whole(sum)
        return words[.spots, values]
    }

    private static func yearsLine(_ area: AreaStanding, _ words: ReportWords) -> String? {
        guard let trend = area.figures.trend else { return nil }
        let values = [
            "events": words.events(trend.last), "before": words.whole(trend.before),
            "percent": words.percent(abs(trend.change ?? 0) / 100),
        ]
        switch CountTrend(rawValue: trend.label) {
        case .rising where trend.before > 0: return words[.areaUp, values]
        case .falling: return words[.areaDown, values]
        case .steady: return words[.areaSteady, values]
        default: return words[.areaFew, values]
        }
    }

    private static func forecastLine(_ forecast: ReportForecast, _ data: ReportData, _ words: ReportWords) -> String {
        var values = [
            "days": words.whole(forecast.horizon), "to": words.day(data.period.upperBound),
            "events": words.events(expected: forecast.expected),
        ]
        guard let most = forecast.most else { return words[.expected, values] }
        values["low"] = words.whole(most.lowerBound)
        values["high"] = words.whole(most.upperBound)
        return words[.expectedBetween, values]
    }

    // MARK: Figures

    private static func figures(_ data: ReportData, _ words: ReportWords) -> [Figure] {
        var list = [Figure(name: words[.figureEvents], value: words.whole(data.events))]
        func add(_ name: ReportText, _ value: String?, _ values: [String: String] = [:]) {
            if let value { list.append(Figure(name: words[name, values], value: value)) }
        }
        if let before = data.before {
            add(.figureBefore, words.whole(before))
            if before > 0 { add(.figureChange, words.change(Double(data.events) / Double(before) - 1)) }
        }
        add(.figurePerDay, words.decimal(Double(data.events) / Double(max(1, data.days)), digits: 2))
        if let forecast = data.forecast {
            add(.figureExpected, words.expected(forecast.expected), ["days": words.whole(forecast.horizon)])
            add(.figureHalf, forecast.half.map { Self.range($0, words) })
            add(.figureMost, forecast.most.map { Self.range($0, words) })
            add(.figureChance, forecast.chance.map(words.chance))
        }
        if let cell = data.cell {
            add(.figureClass, words[ReportText(CellLook(cell.hotSpotClass))])
            add(.figureZ, words.decimal(cell.z))
            add(
                .figureRank,
                cell.rank.map { words[.ofMany, ["number": words.whole($0), "all": words.whole(cell.cells)]] })
        }
        if let area = data.area {
            let figures = area.figures
            add(.figureRate, figures.rate.map { words[.perResidents, ["number": words.decimal($0)]] })
            add(.figureDensity, figures.density.map { words[.perSquareKilometre, ["number": words.decimal($0)]] })
            add(.figureSafety, figures.safetyScore.map { words.decimal($0, digits: 0) })
            add(.figurePopulation, area.population.map { words.decimal($0, digits: 0) })
            add(
                .figureSurface,
                words[.squareKilometres, ["number": words.decimal(area.squareKilometres, digits: 2)]])
        }
        if data.history.step == .week, let most = data.history.bars.map(\.events).max() {
            add(.figurePeakWeek, words.whole(most))
        }
        if !data.map.cells.isEmpty, data.cell == nil { add(.figureCells, words.whole(data.map.cells.count)) }
        return list
    }

    private static func range(_ range: ClosedRange<Int>, _ words: ReportWords) -> String {
        words[.between, ["low": words.whole(range.lowerBound), "high": words.whole(range.upperBound)]]
    }

    private static func notes(_ data: ReportData, _ words: ReportWords) -> [(title: String, text: String)] {
        let thresholds = data.dataset.thresholds
        var method =
            data.isOfOutlook
            ? words[.methodOutlook]
            : words[
                .methodLevels,
                [
                    "medium": words.decimal(thresholds.medium, digits: 0),
                    "high": words.decimal(thresholds.high, digits: 0),
                    "critical": words.decimal(thresholds.critical, digits: 0),
                ]]
        if data.area != nil { method += " " + words[.methodArea] }
        method += " " + words[.methodEvents]
        let source = words[
            .source,
            [
                "attribution": ReportWords.isolated(data.dataset.attribution),
                "to": words.day(data.period.upperBound),
            ]]
        let link = data.dataset.licenceURL.map { " (\($0))" } ?? ""
        let licence = words[.licence, ["licence": ReportWords.isolated(data.dataset.licence) + link]]
        return [
            (words[.methodTitle], method), (words[.limitsTitle], words[.limits]),
            (words[.sourceTitle], "\(source) \(licence)"),
        ]
    }
}

extension ReportData {
    /// Whether the map shows classes of an outlook, and not levels of scores.
    var isOfOutlook: Bool { map.cells.contains { $0.look.isOfOutlook } }
}
