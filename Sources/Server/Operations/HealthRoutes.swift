import Caching
import Domain
import HTTPTypes
import Hummingbird
import JSON
import Web

/// Answers `/v1/health/live` and `/v1/health/ready`.
struct HealthRoutes {
    /// How long to wait for the checks. An operator's probe waits for a few seconds, rarely more.
    private static let patience = Duration.seconds(5)

    let repositories: [any HealthRepository]

    /// Answers that the process is alive.
    @Sendable func live(_ request: Request, _ context: ClientContext) async throws -> Response {
        try QueryParameters(request.uri.query, known: []).check()
        var json = JSONWriter()
        json.object { $0.field("status", "live") }
        return json.response(to: request)
    }

    /// Answers with all checks: 503 when a part fails that answers depend on, otherwise 200.
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

    /// The results of all checks, which run at the same time.
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
