import Caching
import Domain
import HTTPTypes
import Hummingbird
import JSON
import Web

/// Answers `/v1/health/live` and `/v1/health/ready`.
struct HealthRoutes {
    let checks: HealthChecks

    init(repositories: [any HealthRepository]) { checks = HealthChecks(repositories: repositories) }

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
        let results = try await withDeadline(HealthChecks.patience) { await checks.results() }
        var json = JSONWriter()
        json.object { json in
            json.field("status", results.word)
            json.array("parts", of: results) { json, check in
                json.object { json in
                    json.field("part", check.part)
                    json.field("well", check.isWell)
                    json.field("detail", check.detail)
                }
            }
        }
        return json.response(to: request, status: results.isReady ? .ok : .serviceUnavailable)
    }
}
