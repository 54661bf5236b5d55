import Domain
import Formats

/// The stored events by time.
struct EventFeatures: FeatureSource {
    static let shape = FeatureShape.points
    static let properties = [
        FeatureProperty("event_id", .text), FeatureProperty("event_type", .text),
        FeatureProperty("event_timestamp", .instant), FeatureProperty("attributes", .object),
        FeatureProperty("longitude", .number, isPlace: true), FeatureProperty("latitude", .number, isPlace: true),
    ]

    let events: any EventRepository
    /// The query without a cursor and limit, which belong to the page.
    let query: EventQuery

    func page(
        after position: EventPosition?, limit: Int
    ) async throws -> FeaturePage<EventPosition> {
        var query = query
        query.after = position
        query.limit = limit
        let found = try await events.events(query)
        return FeaturePage(
            rows: found.map { (Self.feature($0), $0.position) }, isCut: EventQuery.isCut(found))
    }

    func text(_ position: EventPosition) -> String { position.text }

    private static func feature(_ event: StoredEvent) -> Feature {
        Feature(
            id: event.eventID, place: .point(longitude: event.longitude, latitude: event.latitude),
            values: [
                PropertyValue(event.eventID), .text(event.eventType), .text(event.position.timestamp.description),
                .json(event.attributes), .number(event.longitude), .number(event.latitude),
            ])
    }
}
