/// How many events of a type a day has.
package struct EventCount: Hashable, Sendable {
    /// In the dataset's time zone.
    package var day: LocalDay
    package var eventType: String
    /// At least 1.
    package var count: Int

    package init(day: LocalDay, eventType: String, count: Int) {
        self.day = day
        self.eventType = eventType
        self.count = count
    }
}

package struct EventCountQuery: Hashable, Sendable {
    package var dataset: String
    /// First and last day; `nil` is an open end.
    package var from: LocalDay?
    package var to: LocalDay?
    package var eventType: String?
    package var bounds: BoundingBox?
    package var polygon: PolygonArea?
    package var after: EventCountPosition?
    package var limit: Int

    package init(
        dataset: String, from: LocalDay? = nil, to: LocalDay? = nil, eventType: String? = nil,
        bounds: BoundingBox? = nil, polygon: PolygonArea? = nil, after: EventCountPosition? = nil, limit: Int
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

/// Where a count stands in the order that lists are paged by.
package struct EventCountPosition: Hashable, Sendable {
    package var day: LocalDay
    package var eventType: String

    package init(day: LocalDay, eventType: String) {
        self.day = day
        self.eventType = eventType
    }
}
