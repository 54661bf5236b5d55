/// How an event without an id of its source is recognised when it comes again.
package enum RowIdentity: String, CaseIterable, Sendable {
    /// By what its file says and the number of its record in it. Equal rows of different files are different events.
    case file
    /// By its decoded fields, and its number among equal events. A file brings only what is not stored yet.
    case content
}
