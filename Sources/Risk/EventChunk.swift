/// Some thousand decoded events of one file in file order, column by column, and the records rejected between them.
///
/// Every array but `deadLetters` has one element an event.
package struct EventChunk: Sendable {
    /// The record's place in its file: 1 for the first after the header, rejected and left out ones counted. Events of one
    /// record share its number.
    package var rowNumbers: [Int64] = []
    /// Microseconds since 1970-01-01T00:00:00Z.
    package var timestamps: [Int64] = []
    /// Degrees, -180...180.
    package var longitudes: [Double] = []
    /// Degrees, -90...90.
    package var latitudes: [Double] = []
    package var eventTypes = TextColumn()
    /// The source's own ids; empty where it has none.
    package var eventIDs = TextColumn()
    /// JSON objects as PostgreSQL's `jsonb` takes them, `{}` where there is nothing to say.
    package var attributes = TextColumn()
    package var deadLetters: [DeadLetter] = []
    /// Records that the mapping leaves out.
    package var filtered = 0

    package init() {}

    /// The number of events.
    package var count: Int { rowNumbers.count }
    /// The number of records read: events and dead letters.
    package var received: Int { count + deadLetters.count }
}
