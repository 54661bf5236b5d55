/// The figures of some records from which their quality follows: those of an event chunk, or the sum of a batch.
///
/// A field is a value of a record in a column that the mapping reads. Counted are the fields of events, and those of
/// records that were rejected because a value is missing.
package struct RecordQuality: Hashable, Sendable {
    /// The number of columns whose blanks are kept by name, those with the most blanks.
    package static let mostColumns = 100

    package var fields = 0
    package var blankFields = 0
    /// The blank fields of attributes by the name of their column, of the columns that are no longer being counted.
    package private(set) var blanks: [String: Int] = [:]
    /// How many events have a value in each column of the expectations, in their order.
    package var values: [Int] = []
    /// The hashes of the values that should be unique, for each unique column of the expectations in their order.
    package var uniqueHashes: [[UInt64]] = []
    package var remedies = RemedyCounts()
    /// The columns with attributes that are being counted, and their blanks.
    private var columns: [String] = []
    private var counts: [Int] = []

    package init() {}

    /// Begins to count the blanks of columns, unless they are being counted already.
    @inline(__always)
    package mutating func begin(_ names: [String], expected: Int, unique: Int) {
        if counts.count == names.count, values.count == expected { return }
        fold()
        columns = names
        counts = Array(repeating: 0, count: names.count)
        while values.count < expected { values.append(0) }
        while uniqueHashes.count < unique { uniqueHashes.append([]) }
    }

    /// Counts a blank field of the column at a place among those that were begun.
    @inline(__always)
    package mutating func countBlank(_ place: Int) {
        counts[place] += 1
        blankFields += 1
    }

    /// Ends counting by place, so that records with other columns can follow.
    package mutating func fold() {
        for (place, count) in counts.enumerated() where count > 0 { blanks[columns[place], default: 0] += count }
        columns = []
        counts = []
    }

    /// Adds the figures of further records; their hashes are left to the caller.
    package mutating func add(_ others: RecordQuality) {
        fields += others.fields
        blankFields += others.blankFields
        blanks.merge(others.blanks) { $0 + $1 }
        for (place, count) in zip(others.columns, others.counts) where count > 0 { blanks[place, default: 0] += count }
        while values.count < others.values.count { values.append(0) }
        for (place, count) in others.values.enumerated() { values[place] += count }
        remedies.add(others.remedies)
    }

    /// The blanks by column, of the columns with the most of them.
    package var blanksByColumn: [String: Int] {
        let most = blanks.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(Self.mostColumns)
        return Dictionary(most.map { (String($0.key.prefix(128)), $0.value) }) { $0 + $1 }
    }
}
