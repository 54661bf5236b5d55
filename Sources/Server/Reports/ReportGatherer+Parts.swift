import Domain
import H3
import Reports
import Tiles

extension ReportGatherer {
    /// The rows of counts that are asked for at a time, and in all.
    private static let countsOfPage = 20_000
    private static let mostCounts = 400_000
    private static let mostTopCells = 5000

    /// Events by day, and those of the period by type.
    struct Tally {
        private(set) var days: [LocalDay: Int] = [:]
        private var types: [String: Int]? = [:]
        /// The place in words, where the rows have it.
        var place: String?

        mutating func add(_ count: EventCount, to period: ClosedRange<LocalDay>) {
            days[count.day, default: 0] += count.count
            if period.contains(count.day) { types?[count.eventType, default: 0] += count.count }
        }

        /// Adds events whose types must not be told.
        mutating func add(_ events: Int, on day: LocalDay) {
            days[day, default: 0] += events
            types = nil
        }

        mutating func hideTypes() { types = nil }

        func sum(_ period: ClosedRange<LocalDay>) -> Int {
            days.reduce(0) { $0 + (period.contains($1.key) ? $1.value : 0) }
        }

        /// The types by number of events, and by name among equals.
        var kinds: [ReportKind]? {
            types?.map { ReportKind(name: $0.key, events: $0.value) }
                .sorted { ($1.events, $0.name) < ($0.events, $1.name) }
        }

        /// The weeks up to the last day of the period, from the first one of which every day is known.
        func history(_ question: Question) -> ReportHistory {
            let last = question.days.upperBound
            let bars = (0..<weeks).reversed().compactMap { number -> ReportHistory.Bar? in
                let first = last.advanced(by: -7 * number - 6)
                guard let known = question.status.days, known.lowerBound <= first else { return nil }
                return ReportHistory.Bar(first: first, events: sum(first...first.advanced(by: 6)))
            }
            return ReportHistory(step: .week, bars: bars)
        }
    }

    /// The days that a tally is of: the weeks of the history, and the period with the one before.
    private func days(_ question: Question) -> ClosedRange<LocalDay> {
        let last = question.days.upperBound
        return last.advanced(by: 1 - max(7 * Self.weeks, 2 * question.length))...last
    }

    /// Counts the events of a selection.
    /// - Throws: ``ReportRefusal`` where there are too many types for a page.
    func tally(_ question: Question, _ selection: FeatureSelection) async throws -> Tally {
        var tally = Tally()
        let query = EventCountQuery(selection, days: days(question), eventTypes: question.types)
        var page = PageRequest<EventCount>(limit: Self.countsOfPage)
        var read = 0
        repeat {
            let counts = try await events.counts(query, page)
            for count in counts.rows { tally.add(count, to: question.days) }
            read += counts.rows.count
            page.after = counts.next
            guard read <= Self.mostCounts else {
                throw ReportRefusal(
                    "period", "has too many types of events on its days for a report; take a shorter one")
            }
        } while page.after != nil
        return tally
    }

    /// Counts the events of a cell. Where small counts are hidden, they are those of its list of days, without types.
    func tally(_ question: Question, of cell: H3Cell) async throws -> Tally {
        let status = question.status
        guard status.disclosure == .exact else {
            var tally = Tally()
            tally.hideTypes()
            let days = days(question)
            let query = CellDaysQuery(question.slug, cell: cell, days: days, disclosure: status.disclosure)
            let rows = try await risk.days(query, PageRequest(limit: days.lowerBound.distance(to: days.upperBound) + 1))
            for row in rows.rows { tally.add(row.eventCount, on: row.day) }
            tally.place = rows.rows.last?.area
            return tally
        }
        return try await tally(question, FeatureSelection(of: status, polygon: CellOutline(cell).drawnPolygon))
    }

    /// The cells of a map, and what is known of each.
    struct Cells {
        var resolution: Int?
        var cells: [ReportMap.Cell] = []
        /// The rows of an outlook; none where there is none.
        var rows: [OutlookRow] = []
        var isCut = false
        var places: [ReportPlace] = []

        /// The name of a cell among the places.
        func name(of cell: H3Cell) -> String? { places.first { $0.cell == cell }?.name }

        /// The expected events of the rows together; `nil` without rows.
        func sum(where isCounted: (OutlookRow) -> Bool = { _ in true }) -> ReportForecast? {
            guard let horizon = rows.first?.forecast.horizon else { return nil }
            let expected = rows.reduce(0.0) { $0 + (isCounted($1) ? $1.forecast.expected : 0) }
            return ReportForecast(horizon: horizon, expected: expected)
        }
    }

    /// The most places of a list.
    private static let mostPlaces = 6

    /// The cells of an outlook at the first of the resolutions at which it has some; where there is none, those that
    /// stood out.
    func cells(_ question: Question, _ resolutions: [Int], _ selection: FeatureSelection) async throws -> Cells {
        if question.hasOutlook {
            for resolution in resolutions {
                let query = OutlookQuery(
                    selection, resolution: resolution, asOf: question.days.upperBound, kind: question.kind,
                    period: question.period, sort: .expected)
                let page = try await outlooks.cells(query, PageRequest(limit: ReportMap.mostCells))
                guard !page.rows.isEmpty else { continue }
                return Cells(
                    resolution: resolution,
                    cells: page.rows.map { .init(cell: $0.cell, look: CellLook($0.hotSpot.hotSpotClass)) },
                    rows: page.rows, isCut: page.next != nil, places: Self.places(page.rows))
            }
        }
        // Scores are of all events.
        guard question.kind == .all, let resolution = resolutions.first else { return Cells() }
        let query = CellQuery(selection, days: question.days, resolution: resolution)
        let page = try await topCells.topCells(query, PageRequest(limit: Self.mostTopCells))
        return Cells(
            resolution: resolution, cells: page.rows.map { .init(cell: $0.cell, look: CellLook($0.maxLevel)) },
            isCut: page.next != nil,
            places: page.rows.prefix(Self.mostPlaces).map { row in
                ReportPlace(
                    cell: row.cell, name: row.area, look: CellLook(row.maxLevel), events: row.totalEvents,
                    expected: nil)
            })
    }

    /// The most urgent hot spots; without any, the cells with the most expected events.
    static func places(_ rows: [OutlookRow]) -> [ReportPlace] {
        let urgency = Dictionary(
            uniqueKeysWithValues: HotSpotClass.byUrgency.enumerated().map { ($0.element, $0.offset) })
        func order(_ row: OutlookRow) -> (Int, Double, H3Cell) {
            (urgency[row.hotSpot.hotSpotClass] ?? .max, -abs(row.hotSpot.z), row.cell)
        }
        let hot = rows.filter(\.hotSpot.hotSpotClass.isHot).sorted { order($0) < order($1) }
        // The rows come with the most expected events first.
        return (hot.isEmpty ? rows.filter { $0.figures.events > 0 } : hot).prefix(mostPlaces).map { row in
            ReportPlace(
                cell: row.cell, name: row.area, look: CellLook(row.hotSpot.hotSpotClass), events: row.figures.events,
                expected: row.forecast.expected)
        }
    }

    /// The borders of the layer that names the cells of a dataset; none where there are too many.
    /// - Parameter box: Where they are drawn; `nil` for everywhere.
    func borders(of dataset: Dataset, in box: BoundingBox?) async throws -> [ReportMap.Border] {
        guard let areas, let slug = dataset.areas, let layer = try await areas.layer(slug) else { return [] }
        do {
            return try await borders(try await areas.areas(of: layer), areas, in: box)
        } catch is AreaLayerGone {
            // It is being replaced; the next report has the new one.
            return []
        }
    }

    /// - Parameter number: An area that is left out.
    func borders(
        _ table: AreaTable, _ areas: any AreaRepository, in box: BoundingBox?, besides number: Int32? = nil
    ) async throws -> [ReportMap.Border] {
        var chosen = table.areas
        if let box {
            let numbers = Set(try await areas.numbers(AreaSearch(layer: table.layer, bounds: box)))
            chosen = chosen.filter { numbers.contains($0.number) }
        }
        chosen.removeAll { $0.number == number }
        guard !chosen.isEmpty, chosen.count <= ReportMap.mostBorders else { return [] }
        let outlines = try await areas.outlines(of: chosen.map(\.number), in: table.layer, isSimple: true)
        return chosen.compactMap { area in
            outlines[area.number].map { ReportMap.Border(name: area.name, label: area.label, outline: $0) }
        }
    }

    /// The resolutions at which a map may be drawn, the best first: the one that was asked for, else the finest at
    /// which the box has no more cells than this, then coarser ones, then finer ones.
    /// - Throws: `UnscoredResolution` for one that was asked for and that the dataset does not have.
    static func resolutions(
        _ asked: Int?, _ status: DatasetStatus, _ box: BoundingBox?, most: Double
    ) throws(UnscoredResolution) -> [Int] {
        if let asked { return try status.resolution(asked: asked).map { [$0] } ?? [] }
        let all = status.dataset.resolutions
        let area = box.map(CellFrame.squareKilometres) ?? 0
        let fitting = all.filter { number in
            (try? Resolution(number)).map { area / H3Cell.averageHexagonAreaKm2(at: $0) <= most } ?? false
        }
        let best = box == nil ? all : fitting
        return best.reversed() + all.filter { !best.contains($0) }
    }
}
