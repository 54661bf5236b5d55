/// Payments of an event chunk, column by column. Every array has one element for each payment of the chunk.
package struct ExpenditureColumns: Sendable {
    /// The amounts in hundredths.
    package var cents: [Int64] = []
    /// The fiscal years; 0 where none is known.
    package var fiscalYears: [Int32] = []
    /// The days of entry; `nil` where the record has none.
    package var entered: [LocalDay?] = []
    /// The texts; empty where the record has none.
    package var vendors = TextColumn()
    package var vendorKeys = TextColumn()
    package var departments = TextColumn()
    package var accounts = TextColumn()
    package var accountDescriptions = TextColumn()
    package var organisations = TextColumn()
    /// Hashes of what the records say, 16 bytes each, by which those without an id are known.
    package var contents: [UInt8] = []

    /// The length of one of `contents`.
    package static let contentBytes = 16

    package init() {}

    package var count: Int { cents.count }

    /// The statements of a payment; `nil` for an amount that no decoder lets through.
    package func fields(at row: Int) -> ExpenditureFields? {
        guard let amount = Amount(cents: cents[row]) else { return nil }
        func text(_ column: TextColumn) -> String? { column[row].isEmpty ? nil : column[row] }
        return ExpenditureFields(
            fiscalYear: fiscalYears[row] == 0 ? nil : Int(fiscalYears[row]), entered: entered[row],
            vendor: text(vendors), department: text(departments), account: text(accounts),
            accountDescription: text(accountDescriptions), organisation: text(organisations), amount: amount)
    }
}
