import Domain
import Hummingbird
import Web

/// Answers `/v1/event-types`: the types of a dataset's events.
struct EventTypesRoute {
    let lists: ListAnswerer
    let events: any EventRepository

    @Sendable func respond(_ request: Request, _ context: ClientContext) async throws -> Response {
        var parameters = QueryParameters(request.uri.query, known: ListRequest.parameters)
        let list = try await ListRequest(request, &parameters, of: EventTypeFeatures.self)
        let after = parameters.text("after")
        try parameters.check()

        let status = try await lists.dataset(of: list, for: context)
        let slug = status.dataset.slug
        return try await lists.answer(
            list, from: EventTypeFeatures(events: events, dataset: slug, disclosure: status.disclosure), after: after,
            resolved: ["dataset": slug.text], name: "\(slug)-event-types", in: context)
    }
}
