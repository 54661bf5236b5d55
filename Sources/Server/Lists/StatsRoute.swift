import Domain
import Hummingbird
import Web

/// Answers `/v1/stats`: the number of events by day and type.
struct StatsRoute {
    private static let known = ["from", "to", "event_type", "bbox"] + ListRequest.parameters

    let lists: ListAnswerer
    let events: any EventRepository

    @Sendable func respond(_ request: Request, _ context: ClientContext) async throws -> Response {
        var parameters = QueryParameters(request.uri.query, known: Self.known)
        let list = try await ListRequest(request, &parameters, of: EventCountFeatures.self)
        let (from, to) = parameters.days()
        let eventType = parameters.eventType()
        let after = parameters.after(EventCountCursor.init(text:))
        try parameters.check()

        let slug = try await lists.dataset(of: list, for: context).dataset.slug
        let query = EventCountQuery(
            dataset: slug, from: from, to: to, eventType: eventType, bounds: list.bounds, polygon: list.polygon,
            limit: 0)
        return try await lists.answer(
            list, from: EventCountFeatures(events: events, query: query), after: after, parameters: parameters,
            resolved: ["dataset": slug.text], name: "\(slug)-stats", to: request, in: context)
    }
}
