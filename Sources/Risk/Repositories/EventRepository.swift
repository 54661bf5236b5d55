/// The stored events of a dataset.
package protocol EventRepository: Sendable {
    /// At most `query.limit` events in ascending order of (time, sequence), after `query.after`.
    ///
    /// Fewer come where their attributes are long: the last is the one by which they come to more than
    /// ``EventQuery/mostBytes``.
    func events(_ query: EventQuery) async throws -> [StoredEvent]

    /// First and last day with events, of UTC; `nil` when there is none.
    func days(of dataset: String) async throws -> ClosedRange<LocalDay>?

    /// How many events of which type each day has, at most `query.limit` counts in ascending order of (day, type), after
    /// `query.after`. Types are ordered by their UTF-8 bytes.
    func counts(_ query: EventCountQuery) async throws -> [EventCount]
}

package struct EventQuery: Hashable, Sendable {
    /// Bytes of attributes of a page.
    package static let mostBytes = 4 << 20

    /// Whether a page ends with these events because their attributes are long, so that there may be more.
    package static func isCut(_ events: [StoredEvent]) -> Bool {
        events.reduce(0) { $0 + $1.attributes.utf8.count } > mostBytes
    }

    package var dataset: String
    /// Microseconds since 1970 UTC: from inclusive, to exclusive.
    package var from: Int64?
    package var to: Int64?
    package var eventType: String?
    package var bounds: BoundingBox?
    package var polygon: PolygonArea?
    package var filter: FeatureFilter?
    package var after: EventPosition?
    package var limit: Int

    package init(
        dataset: String, from: Int64? = nil, to: Int64? = nil, eventType: String? = nil, bounds: BoundingBox? = nil,
        polygon: PolygonArea? = nil, after: EventPosition? = nil, limit: Int
    ) {
        self.dataset = dataset
        self.from = from
        self.to = to
        self.eventType = eventType
        self.bounds = bounds
        self.polygon = polygon
        self.after = after
        self.limit = limit
    }
}

/// Where an event stands in the order that lists are paged by.
package struct EventPosition: Hashable, Sendable {
    /// Microseconds since 1970 UTC.
    package var timestamp: Int64
    package var sequence: Int64

    package init(timestamp: Int64, sequence: Int64) {
        self.timestamp = timestamp
        self.sequence = sequence
    }
}

package struct StoredEvent: Hashable, Sendable {
    package var position: EventPosition
    /// The source's own id, if it has one.
    package var eventID: String?
    package var eventType: String
    package var longitude: Double
    package var latitude: Double
    /// A JSON object as text.
    package var attributes: String

    package init(
        position: EventPosition, eventID: String?, eventType: String, longitude: Double, latitude: Double,
        attributes: String
    ) {
        self.position = position
        self.eventID = eventID
        self.eventType = eventType
        self.longitude = longitude
        self.latitude = latitude
        self.attributes = attributes
    }
}
