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
    package var selection: FeatureSelection
    /// The first and last day in the dataset's time zone.
    package var days: ClosedRange<LocalDay>
    /// The types of the events; empty for all.
    package var eventTypes: [String]

    package init(_ selection: FeatureSelection, days: ClosedRange<LocalDay> = .always, eventTypes: [String] = []) {
        self.selection = selection
        self.days = days
        self.eventTypes = eventTypes
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
