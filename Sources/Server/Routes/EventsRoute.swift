import Hummingbird
import Risk

/// `/v1/events`: stored events in order of time.
struct EventsRoute {
    private static let known = ["dataset", "from", "to", "event_type", "bbox", "limit", "after", "f"]
    private static let instant = "a date or a time with its zone, such as 2021-12-31 or 2021-12-31T18:00:00Z"

    let catalogue: DatasetCatalogue
    let events: any EventRepository

    @Sendable func respond(_ request: Request, _ context: ClientContext) async throws -> Response {
        var parameters = QueryParameters(request.uri.query, known: Self.known)
        let slug = parameters.dataset()
        let from = parameters.parsed("from", Self.instant, Timestamp.microseconds)
        let to = parameters.parsed("to", Self.instant, Timestamp.microseconds)
        let eventType = parameters.parsed("event_type", "a name that is not empty") { $0.isEmpty ? nil : $0 }
        let bounds = parameters.bounds()
        let after = parameters.parsed("after", "taken from the link to the next page", EventPosition.init(text:))
        let limit = parameters.limit(default: 100)
        let format = ListFormat(&parameters, accept: request.headers.combined(.accept))
        if let from, let to, from >= to { parameters.reject("to", "must be later than from") }
        try parameters.check()
        let origin = try context.origin.text()

        let status = try await catalogue.dataset(slug, for: context.principal)
        var found = try await events.events(
            EventQuery(
                dataset: status.dataset.slug, from: from, to: to, eventType: eventType, bounds: bounds, after: after,
                limit: limit + 1))
        var next: String?
        if found.count > limit {
            found.removeLast(found.count - limit)
            next = PageLink(
                origin: origin, path: "/v1/events",
                parameters: [
                    ("dataset", status.dataset.slug), ("from", parameters.text("from")),
                    ("to", parameters.text("to")), ("event_type", eventType), ("bbox", parameters.text("bbox")),
                    ("limit", String(limit)), ("f", parameters.text("f")),
                ]
            ).text(after: found[limit - 1].position.text)
        }
        var json = JSONWriter()
        switch format {
        case .json:
            json.list(of: found, next: next) { json, event in
                json.object { json in
                    json.fields(of: event)
                    json.field("longitude", event.longitude)
                    json.field("latitude", event.latitude)
                }
            }
        case .geojson:
            json.featureCollection(of: found, next: next) { json, event in
                json.feature(id: event.eventID) {
                    $0.point(longitude: event.longitude, latitude: event.latitude)
                } properties: {
                    $0.fields(of: event)
                }
            }
        }
        return json.response(to: request, mediaType: format.mediaType, vary: "Accept, Accept-Encoding")
    }
}
