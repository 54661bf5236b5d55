import Domain
import Hummingbird
import Web

/// Answers `/v1/events`: stored events by time.
struct EventsRoute {
    private static let known = Period.parameters + ["event_type", "bbox"] + ListRequest.parameters

    let lists: ListAnswerer
    let events: any EventRepository
    let types: EventTypes

    @Sendable func respond(_ request: Request, _ context: ClientContext) async throws -> Response {
        var parameters = QueryParameters(request.uri.query, known: Self.known)
        let list = try await ListRequest(request, &parameters, of: EventFeatures.self)
        let period = Period(&parameters)
        let named = parameters.eventTypes()
        let after = parameters.after(EventCursor.init(text:))
        try parameters.check()

        let status = try await lists.dataset(of: list, for: context)
        let slug = status.dataset.slug
        let (from, to) = try period.instants(of: status)
        let query = EventQuery(
            list.selection(of: status), from: from, to: to, eventTypes: try await types.known(named, of: status))
        return try await lists.answer(
            list, from: EventFeatures(events: events, query: query), after: after,
            resolved: try period.resolved(of: status), name: "\(slug)-events", in: context)
    }
}
