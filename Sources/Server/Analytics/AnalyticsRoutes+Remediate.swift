import Domain
import HTTPTypes
import Hummingbird
import Web

extension AnalyticsRoutes {
    /// Answers `POST /v1/datasets/{slug}/remediate` with 202, the run that reads dead letters again, and its URL.
    @Sendable func remediate(_ request: Request, _ context: ClientContext) async throws -> Response {
        var parameters = QueryParameters(request, context, known: ["batch", "mapping", "reason"])
        let slug = parameters.parsed("slug", Slug.form) { Slug($0) }
        let batch = parameters.id("batch")
        let mapping = parameters.mapping()
        let reason = parameters.reason()
        let key = parameters.idempotencyKey(of: request)
        try parameters.check()
        guard let slug else { throw Problem.fault }
        let origin = try context.origin.text()

        _ = try await catalogue.dataset(slug, for: context)
        let order = RemediationOrder(dataset: slug, batch: batch, mapping: mapping, reason: reason)
        let run = try await Self.orKeyTaken { try await runs.remediate(order, by: context.requester, key: key) }
        var response = response(run, to: request, status: .accepted)
        response.headers[.location] = "\(origin)/v1/analytics/runs/\(run.id)"
        return response
    }
}
