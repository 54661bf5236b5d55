/// The stored events of a dataset.
package protocol EventRepository: Sendable {
    /// A page of events by time and sequence; none where small counts are hidden.
    ///
    /// It ends early where attributes are long: its last event is the one with which they exceed
    /// ``EventQuery/mostBytes``.
    func events(_ query: EventQuery, _ page: PageRequest<StoredEvent>) async throws -> Page<StoredEvent>

    /// The first and last day with events, in UTC; `nil` when there is none.
    func days(of dataset: Slug) async throws -> ClosedRange<LocalDay>?

    /// A page of counts by day and type. Types are ordered by their UTF-8 bytes. Where small counts are hidden, there
    /// are none within a box, polygon or filter: by moving its border one could find each event.
    func counts(_ query: EventCountQuery, _ page: PageRequest<EventCount>) async throws -> Page<EventCount>

    /// A page of the types of a dataset's events by their UTF-8 bytes.
    /// - Parameter disclosure: What the reader may know of the number of events of a type and day.
    func types(
        of dataset: Slug, _ disclosure: Disclosure, _ page: PageRequest<EventType>
    ) async throws -> Page<EventType>
}

package struct EventQuery: Hashable, Sendable {
    /// The size of the attributes of a page, in bytes.
    package static let mostBytes = 4 << 20

    /// Whether a page ends with these events because their attributes are long, so that there may be more.
    package static func isCut(_ events: [StoredEvent]) -> Bool {
        events.reduce(0) { $0 + $1.attributes.utf8.count } > mostBytes
    }

    package var selection: FeatureSelection
    /// The start (included) and end (excluded) of the period; `nil` for an open end.
    package var from: Instant?
    package var to: Instant?
    /// The types of the events; empty for all.
    package var eventTypes: [String]

    package init(
        _ selection: FeatureSelection, from: Instant? = nil, to: Instant? = nil, eventTypes: [String] = []
    ) {
        self.selection = selection
        self.from = from
        self.to = to
        self.eventTypes = eventTypes
    }
}

/// The cursor of a list of events.
package struct EventCursor: Hashable, Sendable {
    package var timestamp: Instant
    package var sequence: Int64

    package init(timestamp: Instant, sequence: Int64) {
        self.timestamp = timestamp
        self.sequence = sequence
    }
}

package struct StoredEvent: Hashable, Sendable {
    package var cursor: EventCursor
    /// The source's own id, if it has one.
    package var eventID: String?
    package var eventType: String
    package var longitude: Double
    package var latitude: Double
    /// The attributes: a JSON object as text.
    package var attributes: String

    package init(
        cursor: EventCursor, eventID: String?, eventType: String, longitude: Double, latitude: Double,
        attributes: String
    ) {
        self.cursor = cursor
        self.eventID = eventID
        self.eventType = eventType
        self.longitude = longitude
        self.latitude = latitude
        self.attributes = attributes
    }
}
