import Domain
import TestDomain

extension MemoryStore: RunRepository {
    func start(_ order: RunOrder, by requester: Requester?, key: String?) async throws -> AnalyticsRun {
        let known = try answer { state -> RunOrder? in
            let key = key.map { requester?.scoped($0) ?? $0 } ?? "run \(state.runs.count)"
            if let known = state.orders[key] { return known }
            state.orders[key] = order
            state.runs.append(.example(Int64(state.runs.count + 1), dataset: order.dataset))
            return nil
        }
        if let known, known != order { throw RunKeyTaken() }
        return try answer { $0.runs[$0.runs.count - 1] }
    }

    func refresh(by requester: Requester?, key: String?) async throws -> AnalyticsRun {
        try answer { state in
            let run = AnalyticsRun.example(Int64(state.runs.count + 1), dataset: nil)
            state.runs.append(run)
            return run
        }
    }

    func remediate(
        _ order: RemediationOrder, by requester: Requester?, key: String?
    ) async throws -> AnalyticsRun {
        try answer { state in
            let run = AnalyticsRun.example(Int64(state.runs.count + 1), dataset: order.dataset)
            state.runs.append(run)
            return run
        }
    }

    func run(_ id: Int64) async throws -> AnalyticsRun? {
        try answer { state in state.runs.first { $0.id == id } }
    }

    func runs(_ query: RunQuery, _ page: PageRequest<AnalyticsRun>) async throws -> Page<AnalyticsRun> {
        try answer { state in
            state.runQueries.append(query)
            let runs = state.runs.filter { run in
                (page.after.map { run.id < $0 } ?? true)
                    && (run.dataset.map { slug in
                        let isPublic = state.datasets.contains {
                            $0.dataset.slug == slug && $0.dataset.visibility == .public
                        }
                        return query.visible.covers(slug, isPublic: isPublic)
                    } ?? true)
            }
            return Page(runs.sorted { $0.id > $1.id }, of: page)
        }
    }

    /// Cancels queued runs; running ones are left to their worker.
    func cancel(_ id: Int64) async throws -> AnalyticsRun? {
        try answer { state in
            guard let index = state.runs.firstIndex(where: { $0.id == id }) else { return nil }
            if state.runs[index].state == .queued { state.runs[index].state = .cancelled }
            return state.runs[index]
        }
    }
}

extension AnalyticsRun {
    static func example(
        _ id: Int64, dataset: Slug? = "toronto", state: State = .queued, isJob: Bool = true
    ) -> AnalyticsRun {
        AnalyticsRun(
            id: id, isJob: isJob, kind: dataset == nil ? "refresh" : "score", dataset: dataset, resolutions: [7, 8],
            from: LocalDay("2021-01-01"), state: state, progress: 0.5, attempts: 1, events: 12, rows: 34,
            error: state == .failed ? "PostgreSQL: no room in /var" : nil, createdAt: Instant(seconds: 1_609_459_200))
    }
}
