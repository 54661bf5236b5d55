import Domain
import Hummingbird
import Web

/// Answers `/v1/events` and `/v1/crimes`: stored events by time.
struct EventsRoute {
    private static let known =
        Period.parameters + ["event_type", "bbox"] + EventConditions.parameters + ListRequest.parameters

    let lists: ListAnswerer
    let events: any EventRepository
    let types: EventTypes
    let areas: AreaCatalogue?

    @Sendable func respond(_ request: Request, _ context: ClientContext) async throws -> Response {
        let queryables = try await lists.catalogue.queryables(of: request, known: Self.known, for: context)
        var parameters = QueryParameters(request.uri.query, known: Self.known + queryables.map(\.name))
        let list = try await ListRequest(request, &parameters, of: EventFeatures.self)
        let period = Period(&parameters)
        let named = parameters.eventTypes()
        let conditions = EventConditions(&parameters)
        let after = parameters.after(EventCursor.init(text:))
        let attributes = parameters.conditions(on: queryables)
        try parameters.check()

        let status = try await lists.dataset(of: list, for: context)
        let slug = status.dataset.slug
        let (from, to) = try period.instants(of: status)
        var selection = list.selection(of: status)
        selection.queryables = queryables
        let filters = attributes + [try await conditions.filter(areas)].compactMap(\.self)
        if !filters.isEmpty { selection.filter = .and(filters) }
        let query = EventQuery(selection, from: from, to: to, eventTypes: try await types.known(named, of: status))
        return try await lists.answer(
            list, from: EventFeatures(events: events, query: query), after: after,
            resolved: try period.resolved(of: status), name: "\(slug)-events", in: context)
    }
}
