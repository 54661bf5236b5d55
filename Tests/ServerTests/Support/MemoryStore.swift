import Domain
import H3
import NIOCore
import Synchronization
import Tiles

@testable import Server

/// The repositories in memory. Calls are recorded, and the test sets the results.
final class MemoryStore: Sendable {
    struct State {
        var datasets: [DatasetStatus] = [.toronto]
        var rows: [RiskRow] = []
        var topCells: [TopCell] = []
        var compared: [CellComparison] = []
        var comparisons: [ComparisonQuery] = []
        var events: [StoredEvent] = []
        var counts: [EventCount] = []
        var types: [EventType] = []
        var typesAsked = 0
        /// The fault reported for every drawn polygon.
        var polygonFault: String?
        /// Called before every page of events.
        var beforeEvents: @Sendable () throws -> Void = {}
        var runs: [AnalyticsRun] = []
        var checks: [HealthCheck] = [HealthCheck(part: "postgresql", isWell: true, detail: "answers")]
        var tile = Tile(plain: ByteBuffer(string: "an encoded tile, and some more"), generation: 7)
        /// Error thrown instead of every answer.
        var failure: (any Error)?
        /// Called after the datasets were read and before they are returned.
        var afterDatasets: @Sendable () -> Void = {}
        /// Delay before every tile.
        var tileDelay: Duration = .zero

        var datasetsAsked = 0
        /// The largest number requested at once.
        var mostDatasetsAsked = 0
        /// Number of tiles whose wait has begun.
        var tilesBegun = 0
        /// Number of tiles that nobody waited for any more.
        var tilesGivenUp = 0
        var riskQueries: [(query: CellQuery, cell: H3Cell?, page: PageRequest<RiskRow>)] = []
        var topCellQueries: [(query: CellQuery, page: PageRequest<TopCell>)] = []
        var eventQueries: [(query: EventQuery, page: PageRequest<StoredEvent>)] = []
        var cellQueries: [CellDaysQuery] = []
        var outlookRows: [OutlookRow] = []
        var outlookQueries: [(query: OutlookQuery, page: PageRequest<OutlookRow>)] = []
        var evaluations: [OutlookEvaluation] = []
        var evaluationQueries: [OutlookEvaluationQuery] = []
        var countQueries: [EventCountQuery] = []
        var tileKeys: [TileKey] = []
        var runQueries: [RunQuery] = []
        /// The requested runs, by key or by run.
        var orders: [String: RunOrder] = [:]
    }

    private let state: Mutex<State>
    let generation = CurrentGeneration()

    init(_ change: (inout State) -> Void = { _ in }) {
        var state = State()
        change(&state)
        self.state = Mutex(state)
    }

    var now: State { state.withLock { $0 } }

    func change(_ change: (inout State) -> Void) {
        state.withLock { change(&$0) }
    }

    var sources: ServerSources {
        ServerSources(
            datasets: self, risk: self, topCells: self, comparison: self, outlooks: self, events: self, polygons: self,
            runs: self,
            quality: self, lineage: self, tiles: self,
            health: [self],
            generation: generation, metrics: { "# HELP up Whether it is up.\nup 1\n" })
    }

    /// The same sources with a memory cache for tiles.
    var cachedSources: ServerSources {
        var sources = sources
        sources.tiles = MemoryTileTier(
            TileCache(byteLimit: 1 << 20, timeToLive: .seconds(600)), above: self, generation: generation)
        return sources
    }

    /// Records the call and answers from the state, or fails if the test wants it.
    func answer<Value>(_ read: (inout State) -> Value) throws -> Value {
        try state.withLock { state in
            let value = read(&state)
            if let failure = state.failure { throw failure }
            return value
        }
    }
}

extension MemoryStore: DatasetRepository {
    func datasets(_ scope: DatasetScope, _ page: PageRequest<DatasetStatus>) async throws -> Page<DatasetStatus> {
        let datasets = try answer { state in
            state.datasetsAsked += 1
            state.mostDatasetsAsked = max(state.mostDatasetsAsked, page.limit)
            let covered = state.datasets.filter { status in
                scope.covers(status.dataset.slug, isPublic: status.dataset.visibility == .public)
                    && (page.after.map { $0 < status.dataset.slug } ?? true)
            }
            return Page(covered.sorted { $0.dataset.slug < $1.dataset.slug }, of: page)
        }
        now.afterDatasets()
        return datasets
    }
}

extension MemoryStore: QualityRepository, LineageRepository {
    func quality(of dataset: Slug) async throws -> DatasetQuality { DatasetQuality() }

    func event(_ id: EventReference, of dataset: Slug) async throws -> TracedEvent? {
        try answer { state in
            let found = state.events.first { event in
                switch id {
                case .source(let source): event.eventID == source
                case .place(let place): event.cursor == place
                }
            }
            return found.map { TracedEvent(event: $0, lineage: nil) }
        }
    }
}

extension MemoryStore: RiskRepository {
    func rows(
        _ query: CellQuery, of cell: H3Cell?, _ page: PageRequest<RiskRow>
    ) async throws -> Page<RiskRow> {
        try answer { state in
            state.riskQueries.append((query, cell, page))
            let rows = state.rows.filter { row in
                query.days.contains(row.day) && row.resolution == query.resolution
                    && (page.after.map { ($0.day, $0.cell.bits) < (row.day, row.cell.bits) } ?? true)
                    && (query.levels.isEmpty || query.levels.contains(row.riskLevel))
            }
            return Page(rows.sorted { ($0.day, $0.cell.bits) < ($1.day, $1.cell.bits) }, of: page)
        }
    }

    func days(_ query: CellDaysQuery, _ page: PageRequest<RiskRow>) async throws -> Page<RiskRow> {
        try answer { state in
            state.cellQueries.append(query)
            let rows = state.rows.filter { row in
                row.cell == query.cell && (page.after.map { $0.day < row.day } ?? true)
            }
            return Page(rows.sorted { $0.day < $1.day }, of: page)
        }
    }
}

extension MemoryStore: OutlookRepository {
    func cells(_ query: OutlookQuery, _ page: PageRequest<OutlookRow>) async throws -> Page<OutlookRow> {
        try answer { state in
            state.outlookQueries.append((query, page))
            let rows = state.outlookRows.filter { row in
                page.after.map { ($0.key, $0.cell.bits) < (row.sortKey, row.cell.bits) } ?? true
            }
            return Page(rows.sorted { ($0.sortKey, $0.cell.bits) < ($1.sortKey, $1.cell.bits) }, of: page)
        }
    }

    func evaluations(
        _ query: OutlookEvaluationQuery, _ page: PageRequest<OutlookEvaluation>
    ) async throws -> Page<OutlookEvaluation> {
        try answer { state in
            state.evaluationQueries.append(query)
            return Page(state.evaluations.filter { $0.id < page.after ?? .max }, of: page)
        }
    }
}

extension MemoryStore: TopCellRepository {
    func topCells(_ query: CellQuery, _ page: PageRequest<TopCell>) async throws -> Page<TopCell> {
        try answer { state in
            state.topCellQueries.append((query, page))
            return Page(state.topCells.filter { $0.rank > page.after?.rank ?? 0 }, of: page)
        }
    }
}

extension MemoryStore: ComparisonRepository {
    func comparison(
        _ query: ComparisonQuery, _ page: PageRequest<CellComparison>
    ) async throws -> Page<CellComparison> {
        try answer { state in
            state.comparisons.append(query)
            let after = page.after?.bitPattern ?? 0
            return Page(state.compared.filter { $0.cell.bitPattern > after }, of: page)
        }
    }
}

extension MemoryStore: EventRepository {
    func events(_ query: EventQuery, _ page: PageRequest<StoredEvent>) async throws -> Page<StoredEvent> {
        try now.beforeEvents()
        return try answer { state in
            state.eventQueries.append((query, page))
            let events = state.events.filter { event in
                guard let after = page.after else { return true }
                return (after.timestamp, after.sequence) < (event.cursor.timestamp, event.cursor.sequence)
            }
            return Page(events, of: page, isCut: EventQuery.isCut(Array(events.prefix(page.wanted))))
        }
    }

    func days(of dataset: Slug) async throws -> ClosedRange<LocalDay>? {
        try answer { state in state.events.isEmpty ? nil : LocalDay("2021-12-01")!...LocalDay("2021-12-31")! }
    }

    func counts(_ query: EventCountQuery, _ page: PageRequest<EventCount>) async throws -> Page<EventCount> {
        try answer { state in
            state.countQueries.append(query)
            let counts = state.counts.filter { count in
                page.after.map { ($0.day, $0.eventType) < (count.day, count.eventType) } ?? true
            }
            return Page(counts, of: page)
        }
    }
}

extension MemoryStore {
    func types(
        of dataset: Slug, _ disclosure: Disclosure, _ page: PageRequest<EventType>
    ) async throws -> Page<EventType> {
        try answer { state in
            state.typesAsked += 1
            return Page(state.types.filter { type in page.after.map { $0 < type.name } ?? true }, of: page)
        }
    }
}

extension MemoryStore: DrawnPolygonRepository {
    func fault(of polygon: DrawnPolygon) async throws -> String? { try answer { $0.polygonFault } }
}

extension MemoryStore: TileSource {
    func tile(_ key: TileKey) async throws -> Tile {
        let delay = now.tileDelay
        if delay > .zero {
            change { $0.tilesBegun += 1 }
            do {
                try await Task.sleep(for: delay)
            } catch {
                change { $0.tilesGivenUp += 1 }
                throw error
            }
        }
        return try answer { state in
            state.tileKeys.append(key)
            return state.tile
        }
    }
}

extension MemoryStore: HealthRepository {
    func checks() async -> [HealthCheck] { now.checks }
}
