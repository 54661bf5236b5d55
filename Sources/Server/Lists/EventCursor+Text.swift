import Domain

extension EventCursor {
    /// The text of the cursor in the link to the next page.
    var text: String { "\(timestamp.microseconds)_\(sequence)" }

    /// Parses the text; `nil` for one that ``text`` cannot have written.
    init?(text: String) {
        let parts = text.split(separator: "_", omittingEmptySubsequences: false)
        guard parts.count == 2, let time = Int64(parts[0]), let sequence = Int64(parts[1]) else { return nil }
        self.init(timestamp: Instant(microseconds: time), sequence: sequence)
    }
}
