/// A type of a dataset's events.
package struct EventType: Hashable, Sendable {
    package var name: String
    /// The number of events, at least 1.
    package var count: Int
    /// The first and last day with such events, in the dataset's time zone.
    package var days: ClosedRange<LocalDay>

    package init(name: String, count: Int, days: ClosedRange<LocalDay>) {
        self.name = name
        self.count = count
        self.days = days
    }
}
