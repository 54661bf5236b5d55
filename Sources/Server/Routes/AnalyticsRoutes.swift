import HTTPTypes
import Hummingbird
import Risk

/// `/v1/analytics`: scoring runs. Anybody may watch those of public datasets; to start and to cancel is the operator's.
struct AnalyticsRoutes {
    let catalogue: DatasetCatalogue
    let runs: any RunRepository
    let operatorOnly: OperatorOnly<BasicRequestContext>
    let publicURL: String?

    func add(to routes: Routes) {
        routes.on("/v1/analytics/run", [(.post, guarded(start))])
        routes.get("/v1/analytics/runs", list)
        routes.on("/v1/analytics/runs/{id}", [(.get, show), (.delete, guarded(cancel))])
    }

    private func guarded(_ handler: @escaping Routes.Handler) -> Routes.Handler {
        { request, context in
            try await operatorOnly.handle(request, context: context, next: handler)
        }
    }

    @Sendable private func list(_ request: Request, _ context: BasicRequestContext) async throws -> Response {
        let isOperator = try operatorOnly.isOperator(request)
        var parameters = QueryParameters(request.uri.query, known: ["dataset", "state", "limit", "after"])
        let slug = parameters.dataset()
        let states = AnalyticsRun.State.allCases.map(\.rawValue).joined(separator: ", ")
        let state = parameters.parsed("state", "one of \(states)") { AnalyticsRun.State(rawValue: $0) }
        let after = parameters.parsed("after", "taken from the link to the next page") { Self.number($0) }
        let limit = parameters.limit(default: 100)
        try parameters.check()
        let origin = try Origin.text(publicURL: publicURL, authority: request.head.authority)

        if let slug { _ = try await catalogue.dataset(slug, orPrivate: isOperator) }
        // One more than asked for tells whether there is a next page.
        var found = try await runs.runs(
            RunQuery(
                visible: try await visible(to: isOperator), dataset: slug, state: state, after: after,
                limit: limit + 1))
        var next: String?
        if found.count > limit {
            found.removeLast(found.count - limit)
            next = PageLink(
                origin: origin, path: "/v1/analytics/runs",
                parameters: [("dataset", slug), ("state", state?.rawValue), ("limit", String(limit))]
            ).text(after: String(found[limit - 1].id))
        }
        var json = JSONWriter()
        json.list(of: found, next: next) { json, run in
            json.object { $0.fields(of: run, forOperator: isOperator) }
        }
        return json.response(to: request)
    }

    @Sendable private func show(_ request: Request, _ context: BasicRequestContext) async throws -> Response {
        let isOperator = try operatorOnly.isOperator(request)
        let id = try Self.id(request, context)
        let visible = try await visible(to: isOperator)
        guard let run = try await runs.run(id), run.dataset.map({ visible?.contains($0) ?? true }) ?? true else {
            throw Self.none(id)
        }
        return response(run, to: request, forOperator: isOperator)
    }

    @Sendable private func cancel(_ request: Request, _ context: BasicRequestContext) async throws -> Response {
        let id = try Self.id(request, context)
        guard let before = try await runs.run(id) else { throw Self.none(id) }
        if before.state.isFinal, before.state != .cancelled { throw Self.over(before) }
        guard let run = try await runs.cancel(id) else { throw Self.none(id) }
        switch run.state {
        case .cancelled: return response(run, to: request)
        case .finished, .failed: throw Self.over(run)
        case .queued, .running:
            guard run.isJob else {
                throw Problem(
                    status: .conflict, detail: "Run \(id) was begun by `hextant score`: stop it where it runs.")
            }
            return response(run, to: request, status: .accepted)
        }
    }

    /// Slugs of the datasets whose runs may be seen; `nil` means all.
    private func visible(to isOperator: Bool) async throws -> Set<String>? {
        isOperator ? nil : Set(try await catalogue.visible().map(\.dataset.slug))
    }

    func response(
        _ run: AnalyticsRun, to request: Request, status: HTTPResponse.Status = .ok, forOperator: Bool = true
    ) -> Response {
        var json = JSONWriter()
        json.object { $0.fields(of: run, forOperator: forOperator) }
        return json.response(to: request, status: status)
    }

    private static func id(_ request: Request, _ context: BasicRequestContext) throws(Problem) -> Int64 {
        var parameters = QueryParameters(request.uri.query, known: [])
        let id = number(context.parameters["id"] ?? "")
        if id == nil { parameters.reject("id", "must be the number of a run") }
        try parameters.check()
        return id ?? 0
    }

    private static func number(_ text: some StringProtocol) -> Int64? {
        guard (1...18).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        return Int64(text)
    }

    private static func none(_ id: Int64) -> Problem { .notFound("There is no run \(id).", field: "id") }

    private static func over(_ run: AnalyticsRun) -> Problem {
        Problem(status: .conflict, detail: "Run \(run.id) is over: it has \(run.state.rawValue).")
    }
}
