package import Domain
import H3
package import Reports
import Tiles

/// Reads what a report tells, from the repositories that lists and areas are answered from. So a report tells nobody
/// more than those do: each query carries what the reader of the dataset's status may know of small counts.
package struct ReportGatherer: Sendable {
    let outlooks: any OutlookRepository
    let events: any EventRepository
    let risk: any RiskRepository
    let topCells: any TopCellRepository
    let areas: (any AreaRepository)?

    /// The number of weeks of a history.
    static let weeks = 52
    /// The most cells by which the resolution of a map of a dataset, and of an area, is chosen.
    static let mostUsualCells = 6000.0
    static let mostCellsOfArea = 1500.0

    package init(
        outlooks: any OutlookRepository, events: any EventRepository, risk: any RiskRepository,
        topCells: any TopCellRepository, areas: (any AreaRepository)?
    ) {
        self.outlooks = outlooks
        self.events = events
        self.risk = risk
        self.topCells = topCells
        self.areas = areas
    }

    /// The question of one report, with what was left open filled in.
    struct Question {
        let status: DatasetStatus
        let kind: EventKind
        /// The types of the kind; empty for all.
        let types: [String]
        let days: ClosedRange<LocalDay>
        /// Whether there is an outlook of the last day that the reader may see.
        let hasOutlook: Bool

        var slug: Slug { status.dataset.slug }

        var length: Int { days.lowerBound.distance(to: days.upperBound) + 1 }

        /// The days of the period before; `nil` where they are not wholly known.
        var before: ClosedRange<LocalDay>? {
            let first = days.lowerBound.advanced(by: -length)
            // Where counts are hidden, a change of what is shown may be one of what is hidden.
            guard status.disclosure == .exact, let known = status.days, known.lowerBound <= first else { return nil }
            return first...days.lowerBound.advanced(by: -1)
        }

        var period: OutlookPeriod { OutlookPeriod(rawValue: length) ?? .usual }
    }

    /// - Throws: ``ReportRefusal``; `UnknownKind`, `UnscoredResolution`; what the repositories throw.
    package func gather(_ order: ReportOrder, of status: DatasetStatus) async throws -> ReportData {
        let question = try question(order, of: status)
        switch order.subject {
        case .dataset: return try await dataset(question, asked: order.resolution)
        case .cell(let cell): return try await self.cell(cell, question)
        case .area(let layer, let id):
            return try await area(id, of: layer, question, asked: order.resolution)
        }
    }

    private func question(_ order: ReportOrder, of status: DatasetStatus) throws -> Question {
        guard let last = order.asOf ?? status.outlookDays.first ?? status.days?.upperBound else {
            throw ReportRefusal(
                "dataset", "\(status.dataset.slug) has no scored day yet, so there is nothing to report.",
                isMissing: true)
        }
        let types = try status.dataset.types(of: order.kind)
        let hasOutlook = status.outlookDays.contains(last)
        // Scores are of all events.
        guard order.kind == .all || hasOutlook else {
            throw ReportRefusal("kind", "needs an outlook up to \(last), which there is not for you")
        }
        // The first days that there are have none before them.
        guard last >= LocalDay.earliest.advanced(by: 2 * OutlookPeriod.year.rawValue) else {
            throw ReportRefusal("as_of", "is too early for a period before it")
        }
        return Question(
            status: status, kind: order.kind, types: types ?? [], days: order.days(upTo: last),
            hasOutlook: hasOutlook)
    }

    // MARK: The dataset

    private func dataset(_ question: Question, asked: Int?) async throws -> ReportData {
        let status = question.status
        let choices = try Self.resolutions(asked, status, status.bounds, most: Self.mostUsualCells)
        guard !choices.isEmpty else {
            throw ReportRefusal("dataset", "\(question.slug) has no resolution at which it is scored.", isMissing: true)
        }
        async let counted = tally(question, FeatureSelection(of: status))
        async let drawn = cells(question, choices, FeatureSelection(of: status))
        async let lines = borders(of: status.dataset, in: nil)
        let (tally, found) = (try await counted, try await drawn)
        let map = ReportMap(
            resolution: found.resolution, cells: found.cells, isCut: found.isCut, borders: try await lines)
        return ReportData(
            dataset: status.dataset, subject: .dataset, kind: question.kind, period: question.days,
            disclosure: status.disclosure, generation: status.changed, map: map,
            events: tally.sum(question.days), before: question.before.map(tally.sum),
            history: tally.history(question), kinds: tally.kinds, forecast: found.isCut ? nil : found.sum(),
            places: found.places)
    }

    // MARK: A cell

    private func cell(_ cell: H3Cell, _ question: Question) async throws -> ReportData {
        let status = question.status
        let resolution = cell.resolution.number
        guard status.dataset.resolutions.contains(resolution) else {
            let scored = status.dataset.resolutions.map(String.init).joined(separator: ", ")
            throw ReportRefusal("h3", "has resolution \(resolution), but \(question.slug) is scored at \(scored)")
        }
        let frame = CellFrame.around(cell)
        // A map is seldom as wide as it is high, so more than the frame is seen.
        let seen = CellFrame.around(cell, rings: 14)
        async let counted = tally(question, of: cell)
        async let lines = borders(of: status.dataset, in: seen)
        // The whole outlook tells the rank; where it is too long, and where there is none, the frame is enough.
        let all = question.hasOutlook ? try await cells(question, [resolution], FeatureSelection(of: status)) : nil
        let isWhole = all?.isCut == false
        var found = Cells()
        if let all, isWhole {
            found = all
        } else {
            found = try await cells(question, [resolution], FeatureSelection(of: status, bounds: seen))
        }
        let own = found.rows.first { $0.cell == cell }
        let standing = own.map { own in
            CellStanding(
                hotSpotClass: own.hotSpot.hotSpotClass, z: own.hotSpot.z,
                rank: isWhole ? 1 + found.rows.count { $0.figures.events > own.figures.events } : nil,
                cells: found.rows.count)
        }
        let tally = try await counted
        let shown = found.cells.filter { each in
            let centre = each.cell.center
            return seen.contains(longitude: centre.longitude, latitude: centre.latitude)
        }
        return ReportData(
            dataset: status.dataset, subject: .cell(cell), place: own?.area ?? tally.place ?? found.name(of: cell),
            kind: question.kind,
            period: question.days, disclosure: status.disclosure, generation: status.changed,
            map: ReportMap(
                resolution: resolution, cells: shown, borders: try await lines, chosen: cell, frame: frame),
            events: tally.sum(question.days), before: question.before.map(tally.sum),
            history: tally.history(question), kinds: tally.kinds,
            forecast: own.map { row in
                let forecast = row.forecast
                return ReportForecast(
                    horizon: forecast.horizon, expected: forecast.expected, half: forecast.interval50,
                    most: forecast.interval90, chance: forecast.chance)
            },
            cell: standing)
    }

    // MARK: An area

    private func area(_ id: String, of slug: Slug, _ question: Question, asked: Int?) async throws -> ReportData {
        let status = question.status
        guard status.disclosure == .exact else {
            throw ReportRefusal("dataset", "hides small counts, and figures of areas are made of them")
        }
        guard let areas, let layer = try await areas.layer(slug) else {
            throw ReportRefusal("layer", "There is no layer of areas \(slug).", isMissing: true)
        }
        let table = try await areas.areas(of: layer)
        guard let index = table.index(ofID: id) else {
            throw ReportRefusal("id", "There is no such area in the layer \(slug).", isMissing: true)
        }
        let query = AreaFigureQuery(
            layer: layer, dataset: status.dataset, from: question.days.lowerBound, to: question.days.upperBound,
            eventTypes: question.types)
        guard let figures = try await areas.figures(query) else {
            throw ReportRefusal("dataset", "\(question.slug) was not counted in the layer \(slug).", isMissing: true)
        }
        let area = table.areas[index]
        var before: Int?
        if let days = question.before {
            var earlier = query
            (earlier.from, earlier.to) = (days.lowerBound, days.upperBound)
            before = try await areas.figures(earlier)?.figures[index].events
        }
        let history = try await areas.history(of: area.number, query, figures)
        let outline = try await areas.outlines(of: [area.number], in: layer, isSimple: true)[area.number]
        var found = Cells()
        if let outline {
            found = try await cells(
                question, try Self.resolutions(asked, status, area.box, most: Self.mostCellsOfArea),
                FeatureSelection(of: status, polygon: outline.drawnPolygon))
        }
        let shape = outline.map(OutlineTest.init)
        let isInside = { (row: OutlookRow) -> Bool in
            let centre = row.cell.center
            return shape?.contains(longitude: centre.longitude, latitude: centre.latitude) ?? false
        }
        if !found.rows.isEmpty { found.places = Self.places(found.rows.filter(isInside)) }
        let rates = figures.figures.map(\.empiricalBayesRate)
        let rank = rates[index].map { own in 1 + rates.count { ($0 ?? -1) > own } }
        let borders = try await borders(table, areas, in: area.box, besides: area.number)
        return ReportData(
            dataset: status.dataset, subject: .area(layer: slug, id: id), place: area.name, layerName: layer.name,
            kind: question.kind, period: question.days, generation: status.changed,
            map: ReportMap(
                resolution: found.cells.isEmpty ? nil : found.resolution, cells: found.cells, isCut: found.isCut,
                borders: borders, focus: outline, frame: area.box),
            events: figures.figures[index].events, before: before,
            history: ReportHistory(
                step: .month, bars: history.months.map { .init(first: $0.month, events: $0.events) }),
            kinds: history.kinds.map { ReportKind(name: $0.eventType, events: $0.events) },
            forecast: found.isCut ? nil : found.sum(where: isInside),
            area: AreaStanding(
                figures: figures.figures[index], population: area.population,
                squareKilometres: area.squareKilometres, rank: rank, areas: table.areas.count,
                isApproximate: layer.isApproximate),
            places: found.places)
    }
}
