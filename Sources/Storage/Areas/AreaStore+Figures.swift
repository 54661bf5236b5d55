import Areas
package import Domain
import Postgres

extension AreaStore {
    /// The months that a rate of the last year is made of, and those that an area's history has.
    private static let monthsOfYear = 12
    private static let monthsOfHistory = 36

    /// Computes the figures of all areas.
    /// - Throws: `AreaLayerGone`; what ``QueryRunner/query(_:_:)`` throws.
    func computed(_ query: AreaFigureQuery, _ counts: AreaCounts) async throws -> AreaFigureTable {
        let table = try await areas(of: query.layer)
        let period = query.period(counts)
        var events = [Int](repeating: 0, count: table.areas.count)
        var weighted = [Double](repeating: 0, count: table.areas.count)
        if let period {
            let weights = query.dataset.eventWeights.sorted { $0.key < $1.key }
            let scope: [any PostgresEncodable] = [query.layer.id, query.dataset.slug]
            let rows = try await database.query(
                sql[.areaSums],
                scope + Self.parts(of: period) + [
                    PostgresArray(query.eventTypes), PostgresArray(weights.map(\.key)),
                    PostgresArray(weights.map(\.value)),
                ])
            for row in rows {
                var fields = row.fields
                guard let index = table.index(ofNumber: Int32(try fields.next("area", as: Int.self))) else {
                    throw AreaLayerGone()
                }
                events[index] = try fields.next("events")
                weighted[index] = try fields.next("weighted")
            }
        }
        let years = try await years(query, counts, table)
        let hasPopulation = table.areas.contains { $0.population ?? 0 > 0 }
        let bases = table.areas.map { hasPopulation ? $0.population : $0.squareKilometres }
        let rates = EmpiricalBayes(events: events.map(Double.init), bases: bases).rates
        let scores = AreaRanking.safetyScores(
            query.dataset.eventWeights.isEmpty ? rates : EmpiricalBayes(events: weighted, bases: bases).rates)
        let days = period.map { $0.lowerBound.distance(to: $0.upperBound) + 1 } ?? 0
        let figures = table.areas.indices.map { index in
            let area = table.areas[index]
            return AreaFigures(
                events: events[index],
                rate: area.population.flatMap { AreaRates.rate(events: events[index], population: $0, days: days) },
                density: AreaRates.density(
                    events: events[index], squareKilometres: area.squareKilometres, days: days),
                empiricalBayesRate: period == nil ? nil : rates[index],
                safetyScore: period == nil ? nil : scores[index], trend: years?[index])
        }
        return AreaFigureTable(
            layer: query.layer, counts: counts, period: period, figures: figures,
            peers: AreaRanking.peers(rates).map { $0.map(Int32.init) })
    }

    /// The trend of each area; `nil` where the dataset does not cover the last 24 full months.
    private func years(
        _ query: AreaFigureQuery, _ counts: AreaCounts, _ table: AreaTable
    ) async throws -> [AreaFigures.Trend]? {
        guard let days = counts.days else { return nil }
        let full = FullMonths(upTo: days.upperBound)
        let both = full.days(of: 2 * Self.monthsOfYear)
        guard days.lowerBound.firstOfMonth <= both.lowerBound else { return nil }
        let last = full.days(of: Self.monthsOfYear)
        var sums = [(last: Int, before: Int)](repeating: (0, 0), count: table.areas.count)
        let rows = try await database.query(
            sql[.areaYears],
            [
                query.layer.id, query.dataset.slug, both.lowerBound, last.lowerBound, full.last,
                PostgresArray(query.eventTypes),
            ])
        for row in rows {
            var fields = row.fields
            guard let index = table.index(ofNumber: Int32(try fields.next("area", as: Int.self))) else {
                throw AreaLayerGone()
            }
            sums[index] = (try fields.next("last"), try fields.next("before"))
        }
        return sums.map { sum in
            let trend = AreaTrend(last: sum.last, before: sum.before)
            return AreaFigures.Trend(
                last: trend.last, before: trend.before, change: trend.change, p: trend.p, label: trend.label.rawValue)
        }
    }

    /// - Throws: What ``QueryRunner/query(_:_:)`` throws.
    package func history(
        of area: Int32, _ query: AreaFigureQuery, _ table: AreaFigureTable
    ) async throws -> AreaHistory {
        guard let days = table.counts.days, let period = table.period else { return AreaHistory(months: [], kinds: []) }
        let full = FullMonths(upTo: days.upperBound)
        let first = max(full.days(of: Self.monthsOfHistory).lowerBound, days.lowerBound.firstOfMonth)
        let types = PostgresArray(query.eventTypes)
        let scope: [any PostgresEncodable] = [query.layer.id, query.dataset.slug]
        var counted: [LocalDay: Int] = [:]
        for row in try await database.query(sql[.areaHistory], scope + [first, full.last, area, types]) {
            var fields = row.fields
            counted[try fields.next("month")] = try fields.next("events")
        }
        var months: [AreaHistory.Month] = []
        var month = first
        while month <= full.last {
            months.append(AreaHistory.Month(month: month, events: counted[month] ?? 0))
            month = month.months(before: -1)
        }
        let rows = try await database.query(sql[.areaKinds], scope + Self.parts(of: period) + [area, types])
        let kinds = try rows.map { row in
            var fields = row.fields
            return AreaHistory.Kind(eventType: try fields.next("kind"), events: try fields.next("events"))
        }
        return AreaHistory(months: months, kinds: kinds)
    }

    /// The whole months of a period, and the period itself, as statements take them.
    private static func parts(of period: ClosedRange<LocalDay>) -> [any PostgresEncodable] {
        let (from, to) = (period.lowerBound, period.upperBound)
        let first = from == from.firstOfMonth ? from : from.months(before: -1)
        let end = to.advanced(by: 1).firstOfMonth.advanced(by: -1)
        return first <= end ? [first, end, from, to] : [to.advanced(by: 1), to, from, to]
    }
}
