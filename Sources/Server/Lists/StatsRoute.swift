import Accounts
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
        let selection = list.selection(of: status)
        if selection.bounds != nil || selection.polygon != nil {
            // By moving the border of a place one could find each event.
            try status.needEveryCount(for: "Counts within a bbox or polygon")
        }
        let query = EventCountQuery(
            selection, days: try period.range(of: status), eventTypes: try await types.known(named, of: status))
        return try await lists.answer(
            list, from: EventCountFeatures(events: events, query: query), after: after,
            resolved: try period.resolved(of: status), name: "\(slug)-stats", in: context)
    }
}
