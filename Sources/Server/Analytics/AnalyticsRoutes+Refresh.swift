import Domain
import HTTPTypes
import Hummingbird
import Web

extension AnalyticsRoutes {
    /// Answers `POST /v1/views/refresh` with 202, the run that refreshes the view, and its URL.
    @Sendable func refresh(_ request: Request, _ context: ClientContext) async throws -> Response {
        var parameters = QueryParameters(request.uri.query, known: [])
        let key = parameters.idempotencyKey(of: request)
        try parameters.check()
        let origin = try context.origin.text()
        let run = try await Self.orKeyTaken { try await runs.refresh(by: context.requester, key: key) }
        var response = response(run, to: request, status: .accepted)
        response.headers[.location] = "\(origin)/v1/analytics/runs/\(run.id)"
        return response
    }
}
