package import Domain
import H3
import Postgres

/// Reads outlooks from the served view, and evaluations.
package struct OutlookStore: OutlookRepository {
    private let pool: ReadPool
    private let sql: SQLFiles
    private let names: CellNames

    /// The expression that `outlook_rows.sql` sorts by; another one takes its place.
    private static let usualSort = "-o.expected AS sort_key"

    package init(_ pool: ReadPool, sql: SQLFiles) {
        self.pool = pool
        self.sql = sql
        names = CellNames(pool, sql: sql)
    }

    /// - Throws: What ``QueryRunner/query(_:_:)`` throws.
    package func cells(_ query: OutlookQuery, _ page: PageRequest<OutlookRow>) async throws -> Page<OutlookRow> {
        let selection = query.selection
        guard selection.disclosure == .exact else {
            throw StorageError(.right, "outlooks are made of small counts, which are hidden")
        }
        let scope: [any PostgresEncodable] = [
            selection.dataset, Int16(clamping: query.resolution), query.asOf, query.kind.text,
            Int32(query.period.place), PostgresArray(query.classes.map(\.rawValue).sorted()),
            PostgresArray(query.trends.map(\.rawValue).sorted()),
        ]
        let place: [any PostgresEncodable] = [
            selection.polygon.parameter, page.after?.key ?? -.infinity, page.after?.cell.bitPattern ?? .min,
            page.wanted,
        ]
        let statement = sql[.outlookRows].replacing(Self.usualSort, with: query.sort.expression + " AS sort_key")
        let rows = try await pool.query(
            statement, scope + selection.bounds.parameters + place, selection.filter, .outlook)
        let found = try rows.map { try OutlookRow($0, of: query) }
        return Page(try await names.named(found, in: selection.dataset, \.cell, \.area), of: page)
    }

    /// - Throws: What ``QueryRunner/query(_:_:)`` throws.
    package func evaluations(
        _ query: OutlookEvaluationQuery, _ page: PageRequest<OutlookEvaluation>
    ) async throws -> Page<OutlookEvaluation> {
        let rows = try await pool.query(
            sql[.outlookEvaluations],
            [
                query.dataset, query.resolution.map { Int16(clamping: $0) }, query.kind?.text,
                query.horizon.map { Int16(clamping: $0) }, page.after, page.wanted,
            ])
        return Page(try rows.map { try OutlookEvaluation($0) }, of: page)
    }
}

extension OutlookSort {
    /// The number by which rows of `mv_cell_outlook`, there called o, ascend; infinite without a value.
    fileprivate var expression: String {
        switch self {
        case .expected: "-o.expected"
        case .chance: "-o.chance"
        case .events: "-o.events[$5]::float8"
        case .change:
            """
            coalesce(
                -100 * (o.events[$5] - o.events_before[$5])::float8 / nullif(o.events_before[$5], 0), 'Infinity')
            """
        case .gi: "-o.gi_z"
        case .score: "coalesce(-o.max_scores[$5], 'Infinity')"
        // Within a class by the distance from the mean, which is far below a million.
        case .class: "(1e6 * o.urgency - abs(o.gi_z))::float8"
        case .cell: "0::float8"
        }
    }
}

extension OutlookRow {
    /// Reads the columns of `outlook_rows.sql`.
    fileprivate init(_ row: PostgresRow, of query: OutlookQuery) throws(PostgresError) {
        var fields = row.fields
        let cell: H3Cell = try fields.next("h3_index")
        let figures = PeriodFigures(
            events: try fields.next("events"), before: try fields.next("events_before"), p: try fields.next("change_p"),
            trend: try fields.next("trend"), maxScore: try fields.next("max_score"),
            daysFlagged: try fields.next("days_flagged"))
        let hotSpot = HotSpotFigures(
            hotSpotClass: try fields.next("class"), z: try fields.next("gi_z"), trendP: try fields.next("gi_trend_p"))
        let horizon: Int = try fields.next("horizon")
        let expected: Double = try fields.next("expected")
        let chance: Double = try fields.next("chance")
        let lower50: Int = try fields.next("lower_50")
        let upper50: Int = try fields.next("upper_50")
        let lower90: Int = try fields.next("lower_90")
        let upper90: Int = try fields.next("upper_90")
        guard lower50 <= upper50, lower90 <= upper90 else {
            throw PostgresError(.decoding, "an interval of an outlook ends before it begins")
        }
        self.init(
            cell: cell, resolution: query.resolution, asOf: query.asOf, kind: query.kind, period: query.period,
            figures: figures, hotSpot: hotSpot,
            forecast: ForecastFigures(
                horizon: horizon, expected: expected, chance: chance, interval50: lower50...upper50,
                interval90: lower90...upper90),
            sortKey: try fields.next("sort_key"))
    }
}

extension OutlookEvaluation {
    /// Reads the columns of `outlook_evaluations.sql`.
    fileprivate init(_ row: PostgresRow) throws(PostgresError) {
        var fields = row.fields
        let id: Int64 = try fields.next("id")
        let dataset: Slug = try fields.next("dataset")
        let resolution: Int = try fields.next("resolution")
        let kind = EventKind(try fields.next("kind", as: String.self)) ?? .all
        let horizon: Int = try fields.next("horizon")
        let first: LocalDay = try fields.next("from_day")
        let last: LocalDay = try fields.next("to_day")
        self.init(
            id: id, dataset: dataset, resolution: resolution, kind: kind, horizon: horizon,
            days: first...max(first, last), cells: try fields.next("cells"), origins: try fields.next("origins"),
            outside: try fields.next("outside"), isBehind: try fields.next("is_behind"),
            bestRival: try fields.next("best_rival"), methods: try fields.next("methods"),
            comparisons: try fields.next("comparisons"), madeAt: try fields.next("made_at"))
    }
}
