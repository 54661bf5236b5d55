/// An event chunk: a few thousand decoded events of one file in file order, column by column, and the records rejected
/// between them.
///
/// Every array except `deadLetters` has one element for each event. A chunk of expenditures has row numbers and ids,
/// the times of those that have a date, and the other columns in `expenditures`.
package struct EventChunk: Sendable {
    /// The row numbers: 1 for the first record after the header, counting rejected and filtered ones. Events of one
    /// record share its number.
    package var rowNumbers: [Int64] = []
    /// The times.
    package var timestamps: [Instant] = []
    /// The longitudes in degrees, -180...180.
    package var longitudes: [Double] = []
    /// The latitudes in degrees, -90...90.
    package var latitudes: [Double] = []
    package var eventTypes = TextColumn()
    /// The source's own ids; empty where it has none.
    package var eventIDs = TextColumn()
    /// The attributes as JSON objects for PostgreSQL's `jsonb`; `{}` where there are none.
    package var attributes = TextColumn()
    /// The payments, in a chunk of a file of expenditures.
    package var expenditures = ExpenditureColumns()
    package var deadLetters: [DeadLetter] = []
    /// How many records the mapping left out.
    package var filtered = 0
    /// The records among the events whose year is hardly right.
    package var unlikelyTimes = UnlikelyTimes()
    package var quality = RecordQuality()

    package init() {}

    /// The number of events.
    package var count: Int { rowNumbers.count }
    /// The number of records read: events and dead letters.
    package var received: Int { count + deadLetters.count }
}
