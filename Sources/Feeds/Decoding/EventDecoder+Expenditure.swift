import Digest
import Domain
import Spending

/// The columns of expenditures that a file has.
struct ExpenditurePlaces: Sendable {
    let amount: Int
    let vendor: Int?
    let department: Int?
    let account: Int?
    let accountDescription: Int?
    let organisation: Int?
    let reference: Int?
    let fiscalYear: Int?
    /// All of them but the amount, each once.
    let texts: [Int]

    init(_ rule: ExpenditureRule, _ index: ColumnIndex) throws(FeedError) {
        func position(_ column: Mapping.Column?) throws(FeedError) -> Int? {
            guard let column else { return nil }
            return try index.position(of: column)
        }
        amount = try index.requiredPosition(of: rule.amount)
        vendor = try position(rule.vendor)
        department = try position(rule.department)
        account = try position(rule.account)
        accountDescription = try position(rule.accountDescription)
        organisation = try position(rule.organisation)
        reference = try position(rule.reference)
        fiscalYear = try position(rule.fiscalYear)
        let all = [vendor, department, account, accountDescription, organisation, reference, fiscalYear]
        texts = Set(all.compactMap { $0 }).sorted()
    }
}

extension EventDecoder {
    /// The longest text of an expenditure, in bytes: the vendor's has to fit into an index.
    static let maximumTextBytes = 1000

    /// Adds the expenditure of a record, or throws and adds nothing.
    func decodeExpenditure(
        _ row: Row, _ places: ExpenditurePlaces, line: Int64, rowNumber: Int64, into chunk: inout EventChunk
    ) throws(Rejection) {
        guard let rule = mapping.expenditure else { preconditionFailure("the mapping is one of expenditures") }
        let amount = try amount(row, places.amount, rule.amounts)
        let timestamp = rule.hasTime ? try optionalTimestamp(row) : nil
        let entered = timestamp.map(localDay)
        let fiscalYear = try fiscalYear(row, places, rule, entered)
        let vendor = try text(row, places.vendor)
        let department = try text(row, places.department)
        let account = try text(row, places.account)
        let description = try text(row, places.accountDescription)
        let organisation = try text(row, places.organisation)
        let reference = try text(row, places.reference)
        let id = try eventID(row)
        for check in checks { try self.check(row, check) }

        chunk.rowNumbers.append(rowNumber)
        chunk.eventIDs.append(id)
        chunk.expenditures.cents.append(amount.cents)
        chunk.expenditures.fiscalYears.append(Int32(fiscalYear ?? 0))
        chunk.expenditures.entered.append(entered)
        chunk.expenditures.vendors.append(vendor)
        chunk.expenditures.vendorKeys.append(VendorKey.key(of: vendor)[...])
        chunk.expenditures.departments.append(department)
        chunk.expenditures.accounts.append(account)
        chunk.expenditures.accountDescriptions.append(description)
        chunk.expenditures.organisations.append(organisation)
        if id.isEmpty {
            let texts = [vendor, department, account, description, organisation, reference]
            chunk.expenditures.contents += Self.content(amount.cents, entered, fiscalYear, texts)
        } else {
            chunk.expenditures.contents += [UInt8](repeating: 0, count: ExpenditureColumns.contentBytes)
        }
        if let timestamp {
            chunk.timestamps.append(timestamp)
            if !likelyTimes.contains(timestamp) {
                chunk.unlikelyTimes.add(line: line) { (timeText(row) ?? "the date", localDay(timestamp)) }
            }
        }
        chunk.quality.fields += usedColumns.count
        for (place, column) in places.texts.enumerated() where row.text(column).isEmpty {
            chunk.quality.countBlank(place)
        }
        for check in checks { note(row, check, 1, in: &chunk.quality) }
    }

    private func amount(_ row: Row, _ column: Int, _ amounts: AmountText) throws(Rejection) -> Amount {
        let text = row.text(column)
        let bytes = row.bytes.span.extracting(text)
        guard !isNone(bytes) else { throw missing(column) }
        do {
            return try amounts.read(row.bytes[text])
        } catch {
            throw Rejection(.badAmount, "\(name(column)): \(RawText.quoted(bytes)) \(error.problem)")
        }
    }

    /// The time of a record; nil where its source knows none.
    private func optionalTimestamp(_ row: Row) throws(Rejection) -> Instant? {
        do {
            return try timestamp(row)
        } catch {
            guard error.reason == .missingValue else { throw error }
            return nil
        }
    }

    /// The fiscal year, named by the year in which it ends: that of its column, or by the date.
    private func fiscalYear(
        _ row: Row, _ places: ExpenditurePlaces, _ rule: ExpenditureRule, _ entered: LocalDay?
    ) throws(Rejection) -> Int? {
        if let column = places.fiscalYear {
            let text = row.text(column)
            let bytes = row.bytes.span.extracting(text)
            guard !isNone(bytes) else { return nil }
            let value = numbers.whole(bytes) ?? FiscalYear.read(String(decoding: row.bytes[text], as: UTF8.self))
            guard let value, FiscalYear.known.contains(value) else {
                throw Rejection(
                    .badNumber,
                    "\(name(column)): \(RawText.quoted(bytes)) is not a fiscal year such as 2024, FY24 or 2023/24")
            }
            return value
        }
        guard let begins = rule.yearBegins, let entered else { return nil }
        return FiscalYear.of(entered, begins: begins)
    }

    private func text(_ row: Row, _ column: Int?) throws(Rejection) -> ArraySlice<UInt8> {
        guard let column else { return [] }
        let text = row.text(column)
        guard text.count <= Self.maximumTextBytes else {
            throw Rejection(
                .valueTooLong, "\(name(column)) has \(text.count) bytes; the limit is \(Self.maximumTextBytes)")
        }
        return row.bytes[text]
    }

    /// The hash of what a record says, by which it is known where its source has no id.
    private static func content(
        _ cents: Int64, _ entered: LocalDay?, _ fiscalYear: Int?, _ texts: [ArraySlice<UInt8>]
    ) -> ArraySlice<UInt8> {
        let hash = SHA256()
        let numbers = "\(cents) \(entered.map { "\($0.number)" } ?? "-") \(fiscalYear ?? 0)"
        for text in [Array(numbers.utf8)[...]] + texts {
            // The lengths keep texts apart that would be one text together.
            withUnsafeBytes(of: UInt32(text.count).littleEndian) { hash.update($0) }
            text.withUnsafeBytes { hash.update($0) }
        }
        return hash.finalize().prefix(ExpenditureColumns.contentBytes)
    }
}
