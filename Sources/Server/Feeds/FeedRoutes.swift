import Accounts
import Domain
import Formats
import HTTPTypes
import Hummingbird
import JSON
import Web

/// Answers `/v1/feeds`: the feeds of this server. Everybody who sees a dataset can see its feeds; analysts can run
/// them, and see why parts failed.
struct FeedRoutes {
    let catalogue: DatasetCatalogue
    let feeds: any FeedRepository

    var endpoints: [Endpoint] {
        [
            .get("/v1/feeds", .reader, list),
            .get("/v1/feeds/{name}", .reader, show),
            Endpoint(
                "/v1/feeds/{name}/run", cost: .units(20), [.post: .init(rule: .role(.analyst), handler: run)]),
        ]
    }

    @Sendable private func list(_ request: Request, _ context: ClientContext) async throws -> Response {
        var parameters = QueryParameters(request.uri.query, known: ["limit", "after"])
        let after = parameters.after { Slug($0) }
        let limit = parameters.limit(default: 100)
        try parameters.check()
        let origin = try context.origin.text()

        let principal = try await context.asking()
        var shown: [FeedStatus] = []
        // Feeds are files of the operator, so there are few.
        for feed in try await feeds.feeds().sorted(by: { $0.name < $1.name })
        where after.map({ $0 < feed.name }) ?? true {
            guard try await isVisible(feed, to: principal) else { continue }
            shown.append(feed)
            if shown.count > limit { break }
        }
        let next = shown.count > limit ? shown[limit - 1].name : nil
        let link = PageLink(origin: origin, path: "/v1/feeds", parameters: [("limit", String(limit))])
        var json = JSONWriter()
        json.list(of: shown.prefix(limit), next: next.map { link.text(after: $0.text) }) { json, feed in
            json.object { $0.fields(of: feed, withReasons: Self.mayKnowReasons(principal)) }
        }
        return json.response(to: request)
    }

    @Sendable private func show(_ request: Request, _ context: ClientContext) async throws -> Response {
        var parameters = QueryParameters(request, context, known: ["limit", "after"])
        let name = parameters.feed()
        let after = parameters.after { $0.utf8.count <= 200 && !$0.utf8.contains(0) ? $0 : nil }
        let limit = parameters.limit(default: 100)
        try parameters.check()
        let origin = try context.origin.text()

        let feed = try await feed(name, for: context)
        let page = try await feeds.checkpoints(of: feed.name, PageRequest(after: after, limit: limit))
        let link = PageLink(
            origin: origin, path: "/v1/feeds/\(feed.name)", parameters: [("limit", String(limit))])
        var json = JSONWriter()
        json.object { json in
            json.fields(of: feed, withReasons: Self.mayKnowReasons(context.principal))
            json.object("checkpoints") { json in
                json.array("items", of: page.rows) { json, row in json.object { $0.fields(of: row) } }
                json.field("next", page.next.map { link.text(after: $0) })
            }
        }
        return json.response(to: request)
    }

    /// Answers `POST /v1/feeds/{name}/run` with 202, the run of the job that reads the feed, and its URL.
    @Sendable private func run(_ request: Request, _ context: ClientContext) async throws -> Response {
        var parameters = QueryParameters(request, context)
        let name = parameters.feed()
        let key = parameters.idempotencyKey(of: request)
        try parameters.check()
        let origin = try context.origin.text()

        let run: AnalyticsRun
        do {
            if let name, try await feeds.feed(name)?.record.hasDataset == false { try await feeds.prepare(name) }
            let feed = try await feed(name, for: context)
            run = try await AnalyticsRoutes.orKeyTaken {
                try await feeds.run(feed.name, by: context.requester, key: key)
            }
        } catch let refusal as FeedRefusal {
            throw Problem(status: .conflict, detail: "The feed cannot be run: \(refusal).")
        }
        var json = JSONWriter()
        json.object { $0.fields(of: run, withReasons: true, withCounts: true) }
        var response = json.response(to: request, status: .accepted)
        response.headers[.location] = "\(origin)/v1/analytics/runs/\(run.id)"
        return response
    }

    /// The feed that the path names.
    /// - Throws: ``Problem`` 404 when there is none, or the client cannot see its dataset.
    private func feed(_ name: Slug?, for context: ClientContext) async throws -> FeedStatus {
        let none = Problem.notFound("There is no such feed.", field: "name")
        guard let name, let feed = try await feeds.feed(name) else { throw none }
        guard feed.record.hasDataset else {
            guard try await isVisible(feed, to: try await context.asking()) else { throw none }
            return feed
        }
        // What a feed brought tells counts, too.
        guard try await catalogue.visible(feed.dataset, to: context)?.disclosure == .exact else {
            var problem = none
            problem.isRefusal = true
            throw problem
        }
        return feed
    }

    private func isVisible(_ feed: FeedStatus, to principal: Principal) async throws -> Bool {
        // Nobody has a right to a dataset that does not exist yet.
        guard feed.record.hasDataset else { return Self.mayKnowReasons(principal) }
        // What a feed brought tells counts, too.
        return try await catalogue.visible(feed.dataset, to: principal)?.disclosure == .exact
    }

    /// Whether the client may read why parts failed, which may reveal internals of the operator.
    private static func mayKnowReasons(_ principal: Principal) -> Bool { principal.role >= .analyst }
}

extension QueryParameters {
    fileprivate mutating func feed() -> Slug? { parsed("name", Slug.form) { Slug($0) } }
}
