import Accounts
import Domain
import Formats
import HTTPTypes
import Hummingbird
import JSON
import Web

/// Answers `/v1/analytics`: scoring runs, and the routes that queue other jobs. Everybody who sees a dataset can see
/// its runs; analysts can start and cancel them.
struct AnalyticsRoutes {
    let catalogue: DatasetCatalogue
    let runs: any RunRepository

    var endpoints: [Endpoint] {
        [
            Endpoint("/v1/analytics/run", cost: .units(50), [.post: .init(rule: .role(.analyst), handler: start)]),
            .get("/v1/analytics/runs", .reader, list),
            Endpoint(
                "/v1/datasets/{slug}/remediate", cost: .units(20),
                [.post: .init(rule: .role(.analyst), handler: remediate)]),
            Endpoint("/v1/views/refresh", cost: .units(100), [.post: .init(rule: .role(.admin), handler: refresh)]),
            Endpoint(
                "/v1/analytics/runs/{id}",
                [
                    .get: .init(rule: .reader, handler: show),
                    .delete: .init(rule: .role(.analyst), handler: cancel),
                ]),
        ]
    }

    @Sendable private func list(_ request: Request, _ context: ClientContext) async throws -> Response {
        var parameters = QueryParameters(request.uri.query, known: ["dataset", "state", "limit", "after"])
        let slug = parameters.dataset()
        let states = AnalyticsRun.State.allCases.map(\.rawValue).joined(separator: ", ")
        let state = parameters.parsed("state", "one of \(states)") { AnalyticsRun.State(rawValue: $0) }
        let after = parameters.parsed("after", "taken from the link to the next page") { RowNumber.read($0) }
        let limit = parameters.limit(default: 100)
        try parameters.check()
        let origin = try context.origin.text()

        if let slug { _ = try await catalogue.dataset(slug, for: context) }
        let page = try await runs.runs(
            RunQuery(visible: try await context.asking().scope, dataset: slug, state: state),
            PageRequest(after: after, limit: limit))
        let link = PageLink(
            origin: origin, path: "/v1/analytics/runs",
            parameters: [("dataset", slug?.text), ("state", state?.rawValue), ("limit", String(limit))])
        let hidden = try await hidden(page.rows, from: context)
        let withReasons = Self.mayKnowReasons(context.principal)
        var json = JSONWriter()
        json.list(of: page.rows, next: page.next.map { link.text(after: String($0)) }) { json, run in
            let withCounts = run.dataset.map { !hidden.contains($0) } ?? true
            json.object { $0.fields(of: run, withReasons: withReasons, withCounts: withCounts) }
        }
        return json.response(to: request)
    }

    @Sendable private func show(_ request: Request, _ context: ClientContext) async throws -> Response {
        let id = try Self.id(request, context)
        let run = try await run(id, for: context)
        return response(
            run, to: request, withReasons: Self.mayKnowReasons(context.principal),
            withCounts: try await hidden([run], from: context).isEmpty)
    }

    /// The datasets among those of some runs whose small counts the client may not know.
    private func hidden(_ runs: [AnalyticsRun], from context: ClientContext) async throws -> Set<Slug> {
        guard !context.principal.seesSmallCounts else { return [] }
        var hidden: Set<Slug> = []
        for slug in Set(runs.compactMap(\.dataset)) {
            // A dataset that cannot be seen any more has nothing to tell either.
            if try await catalogue.visible(slug, to: context)?.disclosure != .exact { hidden.insert(slug) }
        }
        return hidden
    }

    @Sendable private func cancel(_ request: Request, _ context: ClientContext) async throws -> Response {
        let id = try Self.id(request, context)
        let before = try await run(id, for: context)
        // A run without a dataset refreshes all.
        if before.dataset == nil { try context.need(.role(.admin)) }
        if before.state.isFinal, before.state != .cancelled { throw Self.over(before) }
        guard let run = try await runs.cancel(id) else { throw Self.none(id) }
        switch run.state {
        case .cancelled: return response(run, to: request)
        case .finished, .failed: throw Self.over(run)
        case .queued, .running:
            guard run.isJob else {
                throw Problem(
                    status: .conflict, detail: "Run \(id) was started by `hextant score`: stop that command.")
            }
            return response(run, to: request, status: .accepted)
        }
    }

    /// - Throws: ``Problem`` 404 when the client can see none.
    private func run(_ id: Int64, for context: ClientContext) async throws -> AnalyticsRun {
        guard let run = try await runs.run(id) else { throw Self.none(id) }
        guard let dataset = run.dataset, try await catalogue.visible(dataset, to: context) == nil else { return run }
        var problem = Self.none(id)
        problem.isRefusal = true
        throw problem
    }

    /// Whether the client may read why a run failed, which may reveal internals of the server.
    private static func mayKnowReasons(_ principal: Principal) -> Bool { principal.role >= .analyst }

    func response(
        _ run: AnalyticsRun, to request: Request, status: HTTPResponse.Status = .ok, withReasons: Bool = true,
        withCounts: Bool = true
    ) -> Response {
        var json = JSONWriter()
        json.object { $0.fields(of: run, withReasons: withReasons, withCounts: withCounts) }
        return json.response(to: request, status: status)
    }

    private static func id(_ request: Request, _ context: ClientContext) throws(Problem) -> Int64 {
        var parameters = QueryParameters(request, context)
        let id = parameters.parsed("id", "the number of a run") { RowNumber.read($0) }
        try parameters.check()
        guard let id else { throw .fault }
        return id
    }

    private static func none(_ id: Int64) -> Problem { .notFound("There is no run \(id).", field: "id") }

    private static func over(_ run: AnalyticsRun) -> Problem {
        Problem(status: .conflict, detail: "Run \(run.id) is over: it has \(run.state.rawValue).")
    }
}
