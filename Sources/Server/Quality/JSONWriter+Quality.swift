import Domain
import JSON

extension JSONWriter {
    /// Writes counts by name, sorted by name.
    mutating func counts(_ name: String, _ counts: [String: Int]) {
        object(name) { json in
            for (key, count) in counts.sorted(by: { $0.key < $1.key }) { json.field(key, count) }
        }
    }

    mutating func fields(of quality: BatchQuality) {
        field("scores", quality.scores)
        figures(of: quality.scores)
        field("newest_event", quality.newestEvent?.description)
        field("future_events", quality.futureEvents)
        counts("blank_by_column", quality.blanks)
        counts("remedies", quality.remedies.byName)
        array("findings", of: quality.findings) { json, finding in json.object { $0.fields(of: finding) } }
    }

    mutating func fields(of finding: QualityFinding) {
        field("check", finding.check.rawValue)
        field("column", finding.column)
        field("message", finding.message)
    }

    /// Writes the three scores from 0 to 1, or null where one cannot be told.
    mutating func field(_ name: String, _ scores: QualityScores) {
        object(name) { json in
            json.share("completeness", scores.completeness)
            json.share("validity", scores.validity)
            json.share("timeliness", scores.timeliness)
        }
    }

    /// Writes the numbers that the scores follow from, except for the counts of records.
    mutating func figures(of scores: QualityScores) {
        name("fields")
        if let fields = scores.fields { value(fields) } else { null() }
        name("blank_fields")
        if let blank = scores.blankFields { value(blank) } else { null() }
        share("age_days", scores.ageDays)
        field("fresh_days", scores.freshDays)
    }

    private mutating func share(_ name: String, _ number: Double?) {
        self.name(name)
        if let number { value((number * 1e6).rounded() / 1e6) } else { null() }
    }
}
