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
        let days = parameters.days()
        let eventType = parameters.eventType()
        let after = parameters.after(EventCountCursor.init(text:))
        try parameters.check()

        let slug = try await lists.dataset(of: list, for: context).dataset.slug
        let query = EventCountQuery(list.selection(of: slug), days: days, eventType: eventType)
        return try await lists.answer(
            list, from: EventCountFeatures(events: events, query: query), after: after,
            resolved: ["dataset": slug.text], name: "\(slug)-stats", in: context)
    }
}
