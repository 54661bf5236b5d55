/// The number of events of one type on one day.
package struct EventCount: Hashable, Sendable {
    /// The day in the dataset's time zone.
    package var day: LocalDay
    package var eventType: String
    /// The number of events, at least 1.
    package var count: Int

    package init(day: LocalDay, eventType: String, count: Int) {
        self.day = day
        self.eventType = eventType
        self.count = count
    }
}

package struct EventCountQuery: Hashable, Sendable {
    package var dataset: Slug
    /// The first and last day; `nil` for an open end.
    package var from: LocalDay?
    package var to: LocalDay?
    package var eventType: String?
    package var bounds: BoundingBox?
    package var polygon: DrawnPolygon?
    package var after: EventCountCursor?
    package var limit: Int

    package init(
        dataset: Slug, from: LocalDay? = nil, to: LocalDay? = nil, eventType: String? = nil,
        bounds: BoundingBox? = nil, polygon: DrawnPolygon? = nil, after: EventCountCursor? = nil, limit: Int
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

/// The cursor of a list of counts.
package struct EventCountCursor: Hashable, Sendable {
    package var day: LocalDay
    package var eventType: String

    package init(day: LocalDay, eventType: String) {
        self.day = day
        self.eventType = eventType
    }
}
