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
    let query: EventQuery

    func page(_ page: PageRequest<StoredEvent>) async throws -> Page<StoredEvent> {
        try await events.events(query, page)
    }

    func feature(_ event: StoredEvent) -> Feature {
        Feature(
            id: event.eventID, place: .point(longitude: event.longitude, latitude: event.latitude),
            values: [
                PropertyValue(event.eventID), .text(event.eventType), .text(event.cursor.timestamp.description),
                .json(event.attributes), .number(event.longitude), .number(event.latitude),
            ])
    }

    func text(_ cursor: EventCursor) -> String { cursor.text }
}

extension EventCursor {
    /// The text of the cursor in the link to the next page.
    var text: String { "\(timestamp.microseconds)_\(sequence)" }

    /// Parses the text; `nil` for one that ``text`` cannot have written.
    init?(text: String) {
        let parts = text.split(separator: "_", omittingEmptySubsequences: false)
        guard parts.count == 2, let time = Int64(parts[0]), let sequence = Int64(parts[1]) else { return nil }
        self.init(timestamp: Instant(microseconds: time), sequence: sequence)
    }
}
