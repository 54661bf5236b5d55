import Domain
import Hummingbird
import Web

/// Answers `/v1/events`: stored events by time.
struct EventsRoute {
    private static let known = ["from", "to", "event_type", "bbox"] + ListRequest.parameters
    private static let instant = "a date or a time with a zone, such as 2021-12-31 or 2021-12-31T18:00:00Z"

    let lists: ListAnswerer
    let events: any EventRepository

    @Sendable func respond(_ request: Request, _ context: ClientContext) async throws -> Response {
        var parameters = QueryParameters(request.uri.query, known: Self.known)
        let list = try await ListRequest(request, &parameters, of: EventFeatures.self)
        let from = parameters.parsed("from", Self.instant) { Instant($0) }
        let to = parameters.parsed("to", Self.instant) { Instant($0) }
        let eventType = parameters.eventType()
        let after = parameters.after(EventCursor.init(text:))
        if let from, let to, from >= to { parameters.reject("to", "must be later than from") }
        try parameters.check()

        let slug = try await lists.dataset(of: list, for: context).dataset.slug
        let query = EventQuery(list.selection(of: slug), from: from, to: to, eventType: eventType)
        return try await lists.answer(
            list, from: EventFeatures(events: events, query: query), after: after, resolved: ["dataset": slug.text],
            name: "\(slug)-events", in: context)
    }
}
