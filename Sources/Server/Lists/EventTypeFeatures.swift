import Domain
import Formats

/// The types of a dataset's events, by name.
struct EventTypeFeatures: FeatureSource {
    static let shape = FeatureShape.none
    static let properties = [
        FeatureProperty("event_type", .text), FeatureProperty("event_count", .integer),
        FeatureProperty("first_day", .day), FeatureProperty("last_day", .day),
    ]

    let events: any EventRepository
    let dataset: Slug
    let disclosure: Disclosure

    func page(_ page: PageRequest<EventType>) async throws -> Page<EventType> {
        try await events.types(of: dataset, disclosure, page)
    }

    func feature(_ type: EventType) -> Feature {
        Feature(values: [
            .text(type.name), .integer(type.count), .text(type.days.lowerBound.description),
            .text(type.days.upperBound.description),
        ])
    }

    func text(_ cursor: String) -> String { cursor }
}
