import Domain
import Hummingbird
import Web

/// Answers `/v1/stats`: the number of events by day and type.
struct StatsRoute {
    private static let known = Period.parameters + ["event_type", "bbox"] + ListRequest.parameters

    let lists: ListAnswerer
    let events: any EventRepository
    let types: EventTypes

    @Sendable func respond(_ request: Request, _ context: ClientContext) async throws -> Response {
        var parameters = QueryParameters(request.uri.query, known: Self.known)
        let list = try await ListRequest(request, &parameters, of: EventCountFeatures.self)
        let period = Period(&parameters)
        let named = parameters.eventTypes()
        let after = parameters.after(EventCountCursor.init(text:))
        try parameters.check()

        let status = try await lists.dataset(of: list, for: context)
        let slug = status.dataset.slug
        let query = EventCountQuery(
            list.selection(of: slug), days: try period.range(of: status),
            eventTypes: try await types.known(named, of: slug))
        return try await lists.answer(
            list, from: EventCountFeatures(events: events, query: query), after: after,
            resolved: try period.resolved(of: status), name: "\(slug)-stats", in: context)
    }
}
