import Domain

extension EventCountCursor {
    /// The text of the cursor in the link to the next page.
    var text: String { "\(day)_\(eventType)" }

    /// Parses the text; `nil` for one that ``text`` cannot have written.
    init?(text: String) {
        let parts = text.split(separator: "_", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, let day = LocalDay(parts[0]) else { return nil }
        self.init(day: day, eventType: String(parts[1]))
    }
}
