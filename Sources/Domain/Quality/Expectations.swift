/// Expectations that a batch is compared with. Whatever is not stated is not checked.
///
/// A value that is not as expected makes its record a dead letter. What only the whole batch can show is a finding.
package struct Expectations: Hashable, Sendable {
    /// The number of columns that may be described.
    package static let mostColumns = 50

    /// How many records a batch has.
    package var rows: ClosedRange<Int>?
    /// Share by which the number of records may differ from the median of the last batches, such as 0.5.
    package var rowChange: Double?
    /// How many days old the newest event of the dataset may be.
    package var freshDays: Int?
    /// The least share of records that become events, from 0 to 1.
    package var validShare: Double?
    package var columns: [ColumnExpectation]

    package init(
        rows: ClosedRange<Int>? = nil, rowChange: Double? = nil, freshDays: Int? = nil, validShare: Double? = nil,
        columns: [ColumnExpectation] = []
    ) {
        self.rows = rows
        self.rowChange = rowChange
        self.freshDays = freshDays
        self.validShare = validShare
        self.columns = columns
    }

    /// These expectations with what others state in their place.
    package func stating(_ others: Expectations) -> Expectations {
        Expectations(
            rows: others.rows ?? rows, rowChange: others.rowChange ?? rowChange,
            freshDays: others.freshDays ?? freshDays, validShare: others.validShare ?? validShare,
            columns: columns.filter { own in !others.columns.contains { $0.name == own.name } } + others.columns)
    }

    /// The positions in ``columns`` of those whose values may come only once.
    package var uniqueColumns: [Int] { columns.indices.filter { columns[$0].isUnique } }
}

/// Expectations that the values of a column are compared with. A blank is as expected unless the column is required.
package struct ColumnExpectation: Hashable, Sendable {
    package enum Kind: String, CaseIterable, Sendable {
        case text
        case integer
        case number
        case boolean
        case date
    }

    /// The number of values that may be listed.
    package static let mostAllowed = 10_000

    /// The name as it is stated. It is compared with the trimmed header without regard to case.
    package let name: String
    package let kind: Kind
    /// The least and the greatest number; only for numbers.
    package let range: ClosedRange<Double>?
    /// The texts that a value may be; `nil` for any.
    package let allowed: Set<String>?
    /// Whether no value may be blank.
    package let isRequired: Bool
    /// Whether no value may come twice in a file.
    package let isUnique: Bool

    /// - Parameters:
    ///   - kind: The word for the type; `nil` for a number where there is a range, and a text otherwise.
    ///   - range: The least and the greatest number.
    /// - Throws: ``ExpectationFault`` that names the key at fault.
    package init(
        name: String, kind word: String? = nil, range: [Double]? = nil, allowed: [String]? = nil,
        isRequired: Bool = false, isUnique: Bool = false
    ) throws(ExpectationFault) {
        guard !name.isEmpty, name.utf8.count <= 256 else {
            throw ExpectationFault(key: "column", problem: "must be the name of a column of at most 256 bytes")
        }
        guard let kind = Kind(rawValue: word ?? (range == nil ? Kind.text : .number).rawValue) else {
            let known = Kind.allCases.map(\.rawValue).joined(separator: ", ")
            throw ExpectationFault(key: "type", problem: "must be one of \(known)")
        }
        if let range {
            guard kind == .number || kind == .integer else {
                throw ExpectationFault(key: "range", problem: "is for numbers, and the type is \(kind.rawValue)")
            }
            guard range.count == 2, range.allSatisfy(\.isFinite), range[0] <= range[1] else {
                throw ExpectationFault(
                    key: "range", problem: "must be the least and the greatest value, such as [0, 10]")
            }
        }
        if let allowed {
            guard !allowed.isEmpty, allowed.count <= Self.mostAllowed else {
                throw ExpectationFault(key: "in", problem: "must be a list of 1 to \(Self.mostAllowed) values")
            }
        }
        self.name = name
        self.kind = kind
        self.range = range.map { $0[0]...$0[1] }
        self.allowed = allowed.map(Set.init)
        self.isRequired = isRequired
        self.isUnique = isUnique
    }
}

/// Why an expectation cannot be used.
package struct ExpectationFault: Error, Hashable {
    /// The key at fault.
    package let key: String
    /// The fault, without its subject.
    package let problem: String
}
