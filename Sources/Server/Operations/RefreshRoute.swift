import HTTPTypes
import Hummingbird
import Risk

extension AnalyticsRoutes {
    /// `POST /v1/views/refresh`: 202 with the run that serves what was scored, and where to watch it.
    @Sendable func refresh(_ request: Request, _ context: ClientContext) async throws -> Response {
        try QueryParameters(request.uri.query, known: []).check()
        let key = try Self.key(request)
        let origin = try context.origin.text()
        let run = try await Self.orKeyTaken { try await runs.refresh(by: context.requester, key: key) }
        var response = response(run, to: request, status: .accepted)
        response.headers[.location] = "\(origin)/v1/analytics/runs/\(run.id)"
        return response
    }
}
