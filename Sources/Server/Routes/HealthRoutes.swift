import HTTPTypes
import Hummingbird
import Risk
import Tiles

/// `/v1/health/live` and `/v1/health/ready`.
struct HealthRoutes {
    /// An operator's probe waits some seconds, rarely more.
    private static let patience = Duration.seconds(5)

    let repositories: [any HealthRepository]

    /// The process answers.
    @Sendable func live(_ request: Request, _ context: ClientContext) async throws -> Response {
        try QueryParameters(request.uri.query, known: []).check()
        var json = JSONWriter()
        json.object { $0.field("status", "live") }
        return json.response(to: request)
    }

    /// 503 when a part is not well without which there are no answers, else 200; the parts either way.
    @Sendable func ready(_ request: Request, _ context: ClientContext) async throws -> Response {
        try QueryParameters(request.uri.query, known: []).check()
        let checks = try await withDeadline(Self.patience) { await allChecks() }
        let isReady = checks.allSatisfy { $0.isWell || !$0.isEssential }
        let status = isReady ? checks.allSatisfy(\.isWell) ? "ready" : "degraded" : "unready"
        var json = JSONWriter()
        json.object { json in
            json.field("status", status)
            json.array("parts", of: checks) { json, check in
                json.object { json in
                    json.field("part", check.part)
                    json.field("well", check.isWell)
                    json.field("detail", check.detail)
                }
            }
        }
        return json.response(to: request, status: isReady ? .ok : .serviceUnavailable)
    }

    /// All repositories at once, in their order.
    private func allChecks() async -> [HealthCheck] {
        await withTaskGroup(of: (Int, [HealthCheck]).self) { group in
            for (index, repository) in repositories.enumerated() {
                group.addTask { (index, await repository.checks()) }
            }
            var checks: [Int: [HealthCheck]] = [:]
            for await (index, found) in group { checks[index] = found }
            return repositories.indices.flatMap { checks[$0] ?? [] }
        }
    }
}
