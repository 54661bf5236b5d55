import Accounts
import Domain
import HTTPTypes
import Hummingbird
import JSON
import Web

/// Answers `/v1/data/…`: how expenditures come in, by upload and from feeds.
struct IngestionRoutes {
    /// The mapping of files in the layout of our own CSV.
    private static let usualMapping = "hextant-expenditures"

    let known: ExpenditureCatalogue
    let ingest: IngestRoutes?
    let feeds: (any FeedRepository)?

    var endpoints: [Endpoint] {
        let rule = AccessRule.role(.analyst)
        var all: [Endpoint] = [.get("/v1/data/status/ingestion", rule, cost: .units(5), status)]
        if let ingest {
            all.append(.post("/v1/data/upload/csv", rule, .file, cost: .units(20), ingest.telling(upload)))
        }
        if feeds != nil {
            for (path, handler) in [("full", renew), ("incremental", read)] {
                all.append(
                    Endpoint(
                        "/v1/data/refresh/\(path)", cost: .units(20), [.post: .init(rule: rule, handler: handler)]))
            }
        }
        return all
    }

    /// Answers `POST /v1/data/upload/csv` with the batch: 201, or 200 when the same key was sent before.
    @Sendable private func upload(_ request: Request, _ context: ClientContext) async throws -> Response {
        guard let ingest else { throw Problem.fault }
        var parameters = QueryParameters(request.uri.query, known: ["dataset", "mapping"])
        let slug = parameters.dataset()
        let mapping = parameters.mapping()
        let key = parameters.idempotencyKey(of: request)
        try parameters.check()
        let dataset = try await known.dataset(slug, for: context).slug
        return try await ingest.store(
            request, context, into: dataset, mapping: mapping ?? Self.usualMapping, key: key)
    }

    /// Answers `POST /v1/data/refresh/full` with 202 and the run that reads all of the dataset's feed anew and swaps it
    /// in whole.
    @Sendable private func renew(_ request: Request, _ context: ClientContext) async throws -> Response {
        try await refresh(request, context) { feeds, feed, key in
            try await feeds.renew(feed, by: context.requester, key: key)
        }
    }

    /// Answers `POST /v1/data/refresh/incremental` with 202 and the run that reads what is not held of the dataset's
    /// feed.
    @Sendable private func read(_ request: Request, _ context: ClientContext) async throws -> Response {
        try await refresh(request, context) { feeds, feed, key in
            try await feeds.run(feed, by: context.requester, key: key)
        }
    }

    private func refresh(
        _ request: Request, _ context: ClientContext,
        _ start: (any FeedRepository, Slug, String?) async throws -> AnalyticsRun
    ) async throws -> Response {
        guard let feeds else { throw Problem.fault }
        var parameters = QueryParameters(request.uri.query, known: ["dataset", "feed"])
        let slug = parameters.dataset()
        let name = parameters.parsed("feed", Slug.form) { Slug($0) }
        let key = parameters.idempotencyKey(of: request)
        try parameters.check()
        let origin = try context.origin.text()
        let dataset = try await known.dataset(slug, for: context).slug
        let feed = try await self.feed(name, of: dataset, feeds)
        let run: AnalyticsRun
        do {
            run = try await AnalyticsRoutes.orKeyTaken { try await start(feeds, feed, key) }
        } catch let refusal as FeedRefusal {
            throw Problem(status: .conflict, detail: "The feed cannot be run: \(refusal).")
        }
        var json = JSONWriter()
        json.object { $0.fields(of: run, withReasons: true, withCounts: true) }
        var response = json.response(to: request, status: .accepted)
        response.headers[.location] = "\(origin)/v1/analytics/runs/\(run.id)"
        return response
    }

    /// The feed of a dataset that is named, or its only one.
    private func feed(_ name: Slug?, of dataset: Slug, _ feeds: any FeedRepository) async throws -> Slug {
        let found = try await feeds.feeds().filter { $0.dataset == dataset && (name == nil || $0.name == name) }
        guard let first = found.first else {
            throw Problem.notFound(
                name == nil
                    ? "No feed of this server brings rows of \(dataset)." : "There is no such feed of \(dataset).",
                field: "feed")
        }
        guard found.count == 1 else {
            let names = found.map(\.name.text).sorted().joined(separator: ", ")
            throw Problem.badRequest([.init(field: "feed", message: "must be given, one of \(names)")])
        }
        return first.name
    }

    /// Answers `/v1/data/status/ingestion`: what is stored, how batches went, and the state of the feeds.
    @Sendable private func status(_ request: Request, _ context: ClientContext) async throws -> Response {
        var parameters = QueryParameters(request.uri.query, known: ["dataset"])
        let slug = parameters.dataset()
        try parameters.check()
        let dataset = try await known.dataset(slug, for: context).slug
        guard let status = try await known.expenditures.status(of: dataset) else {
            throw Problem.notFound("There is no dataset \(dataset).", field: "dataset")
        }
        let read = try await feeds?.feeds().filter { $0.dataset == dataset }.sorted { $0.name < $1.name } ?? []
        var json = JSONWriter()
        json.object { json in
            json.field("dataset", dataset.text)
            json.fields(of: status)
            json.array("feeds", of: read) { json, feed in
                json.object { $0.fields(of: feed, withReasons: true) }
            }
        }
        return json.response(to: request)
    }
}

extension JSONWriter {
    fileprivate mutating func fields(of status: ExpendituresStatus) {
        field("version", Int(status.version))
        field("expenditures", status.rows)
        field("first_entered", status.entered?.lowerBound.description)
        field("last_entered", status.entered?.upperBound.description)
        name("total")
        if let total = status.total { raw(total) } else { null() }
        object("batches") { json in
            json.field("finished_or_running", status.batches - status.failedBatches)
            json.field("failed", status.failedBatches)
            json.field("accepted", status.accepted)
            json.field("duplicate", status.duplicate)
            json.field("rejected", status.rejected)
            json.field("dead_letters_open", status.openDeadLetters)
            json.name("running")
            if let batch = status.runningBatch { json.value(Int(batch)) } else { json.null() }
            json.field("last_finished", status.lastFinished?.description)
        }
    }
}
