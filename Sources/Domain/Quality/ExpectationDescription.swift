/// Expectations as descriptions of datasets and the database keep them; docs/mappings.md lists the keys.
package struct ExpectationDescription: Codable, Hashable, Sendable {
    package struct Column: Codable, Hashable, Sendable {
        enum CodingKeys: String, CodingKey, CaseIterable {
            case column
            case type
            case range
            case allowed = "in"
            case required
            case unique
        }

        let column: String
        let type: String?
        let range: [Double]?
        let allowed: [String]?
        let required: Bool?
        let unique: Bool?
    }

    enum CodingKeys: String, CodingKey, CaseIterable {
        case rows
        case rowChange = "row_change"
        case freshDays = "fresh_days"
        case validShare = "valid_share"
        case columns
    }

    private let rows: [Double]?
    private let rowChange: Double?
    private let freshDays: Double?
    private let validShare: Double?
    private let columns: [Column]?

    package init(_ expect: Expectations) {
        rows = expect.rows.map { [Double($0.lowerBound), Double($0.upperBound)] }
        rowChange = expect.rowChange
        freshDays = expect.freshDays.map(Double.init)
        validShare = expect.validShare
        columns =
            expect.columns.isEmpty
            ? nil
            : expect.columns.map { column in
                Column(
                    column: column.name, type: column.kind.rawValue,
                    range: column.range.map { [$0.lowerBound, $0.upperBound] }, allowed: column.allowed?.sorted(),
                    required: column.isRequired ? true : nil, unique: column.isUnique ? true : nil)
            }
    }

    /// The expectations that are described.
    /// - Throws: ``ExpectationFault`` that names the key at fault.
    package func expectations() throws(ExpectationFault) -> Expectations {
        var expect = Expectations()
        if let rows {
            guard rows.count == 2, let first = Int(exactly: rows[0]), let last = Int(exactly: rows[1]), first >= 0,
                first <= last
            else {
                throw ExpectationFault(
                    key: "rows", problem: "must be the least and the greatest number of records, such as [1, 60000]")
            }
            expect.rows = first...last
        }
        if let rowChange {
            guard (0...1000).contains(rowChange) else {
                throw ExpectationFault(key: "row_change", problem: "must be a number from 0 to 1000")
            }
            expect.rowChange = rowChange
        }
        if let freshDays {
            guard let days = Int(exactly: freshDays), (1...36_500).contains(days) else {
                throw ExpectationFault(key: "fresh_days", problem: "must be a whole number from 1 to 36500")
            }
            expect.freshDays = days
        }
        if let validShare {
            guard (0...1).contains(validShare) else {
                throw ExpectationFault(key: "valid_share", problem: "must be a number from 0 to 1")
            }
            expect.validShare = validShare
        }
        expect.columns = try described(columns ?? [])
        return expect
    }

    private func described(_ columns: [Column]) throws(ExpectationFault) -> [ColumnExpectation] {
        guard columns.count <= Expectations.mostColumns else {
            throw ExpectationFault(key: "columns", problem: "must be at most \(Expectations.mostColumns)")
        }
        var found: [ColumnExpectation] = []
        var size = 0
        for column in columns {
            let expected: ColumnExpectation
            do throws(ExpectationFault) {
                expected = try ColumnExpectation(
                    name: column.column, kind: column.type, range: column.range, allowed: column.allowed,
                    isRequired: column.required ?? false, isUnique: column.unique ?? false)
            } catch {
                throw ExpectationFault(key: "columns.\(error.key)", problem: error.problem)
            }
            guard !found.contains(where: { $0.name == expected.name }) else {
                throw ExpectationFault(
                    key: "columns.column", problem: "\"\(expected.name)\" is described twice")
            }
            // It is read with every description of the dataset.
            size += expected.name.utf8.count + (expected.allowed?.reduce(0) { $0 + $1.utf8.count } ?? 0)
            guard size <= Self.longestTexts else {
                throw ExpectationFault(
                    key: "columns",
                    problem: "must have names and values of at most \(Self.longestTexts) bytes together")
            }
            found.append(expected)
        }
        return found
    }

    /// How many bytes the names and listed values of the columns of a dataset may have.
    private static let longestTexts = 16 * 1024
}
