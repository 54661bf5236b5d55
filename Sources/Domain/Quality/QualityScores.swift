/// How good the records of a batch or dataset are: three scores from 0 to 1, and the numbers that they follow from.
package struct QualityScores: Hashable, Sendable {
    /// The days within which data count as timely where nothing else is expected: a month.
    package static let usualFreshDays = 31

    package var received = 0
    package var rejected = 0
    /// The fields that the mapping reads, and the blank ones among them; `nil` where they were not counted.
    package var fields: Int?
    package var blankFields: Int?
    /// The age of the newest event in days, not below 0; `nil` without events.
    package var ageDays: Double?
    /// The days within which data count as timely.
    package var freshDays = Self.usualFreshDays

    package init() {}

    /// The share of fields that are not blank.
    package var completeness: Double? {
        guard let fields, let blankFields, fields > 0 else { return nil }
        return 1 - Double(blankFields) / Double(fields)
    }

    /// The share of records that were not rejected.
    package var validity: Double? {
        received > 0 ? 1 - Double(rejected) / Double(received) : nil
    }

    /// 1 while the newest event is not older than expected, and then the expected age divided by its age.
    package var timeliness: Double? {
        ageDays.map { $0 <= Double(freshDays) ? 1 : Double(freshDays) / $0 }
    }
}
