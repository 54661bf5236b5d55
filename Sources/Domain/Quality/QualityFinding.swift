/// Something about a batch that is not as expected.
package struct QualityFinding: Hashable, Sendable {
    package enum Check: String, CaseIterable, Sendable {
        case rows
        case rowChange = "row_change"
        case freshDays = "fresh_days"
        case validShare = "valid_share"
        /// A column without any value.
        case columns
        case unique
        /// Events of a time that is still to come.
        case future
    }

    package var check: Check
    /// The column, if it is about one.
    package var column: String?
    /// The finding as a sentence without its full stop.
    package var message: String

    package init(_ check: Check, column: String? = nil, _ message: String) {
        self.check = check
        self.column = column
        self.message = message
    }
}

/// Facts about a finished batch that is compared with the expectations.
package struct BatchFacts: Sendable {
    /// How many earlier batches are compared with.
    package static let comparedBatches = 8
    /// How many earlier batches there are at least before their number of records means something.
    package static let fewestBatches = 3

    package var received = 0
    package var rejected = 0
    package var quality = RecordQuality()
    /// How many values came before, of each unique column, in the order of ``Expectations/uniqueColumns``.
    package var repeated: [(count: Int, isEstimate: Bool)] = []
    /// The events of a time more than a day after the batch.
    package var futureEvents = 0
    /// The number of records of the last batches of the same dataset, mapping and feed.
    package var earlier: [Int] = []
    /// How many days old the newest event of the dataset is.
    package var ageDays: Int?

    package init() {}
}

extension Expectations {
    /// The expectations that a batch does not fulfil.
    package func findings(_ facts: BatchFacts) -> [QualityFinding] {
        var findings: [QualityFinding] = []
        if let rows, !rows.contains(facts.received) {
            let bounds = "\(rows.lowerBound) to \(rows.upperBound)"
            findings.append(.init(.rows, "\(facts.received) records came where \(bounds) are expected"))
        }
        if let rowChange, facts.earlier.count >= BatchFacts.fewestBatches {
            let median = Self.median(facts.earlier)
            if abs(Double(facts.received) - median) > rowChange * median {
                findings.append(
                    .init(
                        .rowChange,
                        "\(facts.received) records came where the last \(facts.earlier.count) batches had \(median) "
                            + "(median), which differs by more than the expected share of \(rowChange)"))
            }
        }
        if let validShare, facts.received > 0 {
            let valid = facts.received - facts.rejected
            if Double(valid) < validShare * Double(facts.received) {
                findings.append(
                    .init(
                        .validShare,
                        "\(valid) of \(facts.received) records are valid, less than the expected share of "
                            + "\(validShare)"))
            }
        }
        if let freshDays, let age = facts.ageDays, age > freshDays {
            findings.append(
                .init(.freshDays, "the newest event is \(age) days old, more than the expected \(freshDays)"))
        }
        if facts.futureEvents > 0 {
            findings.append(.init(.future, "\(facts.futureEvents) events are of a time that is still to come"))
        }
        return findings + columnFindings(facts)
    }

    private func columnFindings(_ facts: BatchFacts) -> [QualityFinding] {
        var findings: [QualityFinding] = []
        if facts.received > facts.rejected {
            for (place, column) in columns.enumerated() {
                let values = place < facts.quality.values.count ? facts.quality.values[place] : 0
                guard values == 0 else { continue }
                findings.append(.init(.columns, column: column.name, "no event has a value in this column"))
            }
        }
        for (place, repeated) in zip(uniqueColumns, facts.repeated) where repeated.count > 0 {
            let about = repeated.isEstimate ? "about " : ""
            findings.append(
                .init(
                    .unique, column: columns[place].name,
                    "\(about)\(repeated.count) values came before in the file, and each is expected once"))
        }
        return findings
    }

    private static func median(_ numbers: [Int]) -> Double {
        let sorted = numbers.sorted()
        let middle = sorted.count / 2
        guard sorted.count.isMultiple(of: 2) else { return Double(sorted[middle]) }
        return Double(sorted[middle - 1] + sorted[middle]) / 2
    }
}
