import Domain
import Formats

/// The number of events of each day and type, by day and type.
struct EventCountFeatures: FeatureSource {
    static let shape = FeatureShape.none
    static let properties = [
        FeatureProperty("day", .day), FeatureProperty("event_type", .text), FeatureProperty("event_count", .integer),
    ]

    let events: any EventRepository
    let query: EventCountQuery

    func page(_ page: PageRequest<EventCount>) async throws -> Page<EventCount> {
        try await events.counts(query, page)
    }

    func feature(_ count: EventCount) -> Feature {
        Feature(values: [.text(count.day.description), .text(count.eventType), .integer(count.count)])
    }

    func text(_ cursor: EventCountCursor) -> String { cursor.text }
}

extension EventCountCursor {
    /// The text of the cursor in the link to the next page.
    var text: String { "\(day)_\(eventType)" }

    /// Parses the text; `nil` for one that ``text`` cannot have written.
    init?(text: String) {
        let parts = text.split(separator: "_", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, let day = LocalDay(parts[0]) else { return nil }
        self.init(day: day, eventType: String(parts[1]))
    }
}
