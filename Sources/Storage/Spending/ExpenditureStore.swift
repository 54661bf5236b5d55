package import Domain
import Postgres
import Spending

/// Expenditures in PostgreSQL.
package struct ExpenditureStore: ExpenditureRepository {
    private let readers: any QueryRunner
    private let writers: any QueryRunner
    private let sql: SQLFiles

    package init(_ readers: any QueryRunner, writers: any QueryRunner, sql: SQLFiles) {
        self.readers = readers
        self.writers = writers
        self.sql = sql
    }

    /// - Throws: What ``QueryRunner/query(_:_:)`` throws.
    package func expenditures(
        _ query: ExpenditureQuery, _ page: PageRequest<Expenditure>
    ) async throws -> Page<Expenditure> {
        let rows = try await readers.query(
            sql[.expenditures],
            [
                query.dataset, page.after ?? 0, query.fiscalYear.map { Int32(clamping: $0) }, query.vendorKey,
                query.department, query.account, query.organisation, query.from, query.to, query.least, query.most,
                page.wanted,
            ])
        return Page(try rows.map { try Expenditure($0.fields) }, of: page)
    }

    /// - Throws: What ``QueryRunner/query(_:_:)`` throws.
    package func expenditure(_ id: Int64) async throws -> Expenditure? {
        try await readers.query(
            """
            SELECT id, dataset, source_id, fiscal_year, entered, vendor, vendor_key, department, account,
                account_description, organisation, amount, version, batch_id
            FROM expenditures WHERE id = $1
            """, [id]
        ).first.map { try Expenditure($0.fields) }
    }

    /// - Throws: What ``QueryRunner/query(_:_:)`` throws.
    package func datasets(in scope: DatasetScope, limit: Int) async throws -> [Slug] {
        try await readers.query(
            """
            SELECT slug FROM datasets
            WHERE holds = 'expenditures'
                AND ($1::text = 'all' OR $1::text = 'open' AND visibility = 'public' OR slug = ANY ($2::text[]))
            ORDER BY slug
            LIMIT $3
            """, [scope.base.rawValue, PostgresArray(scope.named.sorted()), limit]
        ).map { try $0.get(0) }
    }

    /// - Throws: What ``QueryRunner/query(_:_:)`` throws.
    package func status(of dataset: Slug) async throws -> ExpendituresStatus? {
        guard var fields = try await readers.query(sql[.expendituresStatus], [dataset]).first?.fields else {
            return nil
        }
        let version: Int64 = try fields.next("version")
        let rows: Int = try fields.next("rows")
        let first: LocalDay? = try fields.next("first_entered")
        let last: LocalDay? = try fields.next("last_entered")
        return ExpendituresStatus(
            version: version, rows: rows, entered: first.flatMap { first in last.map { first...$0 } },
            total: try fields.next("total"), batches: try fields.next("batches"),
            failedBatches: try fields.next("failed"), accepted: try fields.next("accepted"),
            duplicate: try fields.next("duplicate"), rejected: try fields.next("rejected"),
            openDeadLetters: try fields.next("open_letters"), runningBatch: try fields.next("running"),
            lastFinished: try fields.next("last_finished"))
    }

    /// - Throws: ``ExpenditureRefusal``; what ``QueryRunner/query(_:_:)`` throws.
    package func add(
        _ fields: ExpenditureFields, sourceID: String?, to dataset: Slug, by requester: Requester?
    ) async throws -> Expenditure {
        let found = try await written(
            sql[.expenditureAdd], Self.sender(requester) + [dataset, sourceID] + Self.parameters(fields))
        if let found { return found }
        guard sourceID != nil, try await status(of: dataset) != nil else { throw ExpenditureRefusal.missing }
        throw ExpenditureRefusal.taken
    }

    /// - Throws: ``ExpenditureRefusal``; what ``QueryRunner/query(_:_:)`` throws.
    package func change(
        _ id: Int64, of dataset: Slug, to fields: ExpenditureFields, ifVersion version: Int64?,
        by requester: Requester?
    ) async throws -> Expenditure {
        let found = try await written(
            sql[.expenditureChange], Self.sender(requester) + [dataset, id, version] + Self.parameters(fields))
        if let found { return found }
        throw try await exists(id, in: dataset) ? ExpenditureRefusal.changed : .missing
    }

    /// - Throws: ``ExpenditureRefusal``; what ``QueryRunner/query(_:_:)`` throws.
    package func delete(
        _ id: Int64, of dataset: Slug, ifVersion version: Int64?, by requester: Requester?
    ) async throws {
        let rows = try await writers.query(
            sql[.expenditureDelete], Self.sender(requester) + [dataset, id, version])
        var fields = rows[0].fields
        guard try fields.next("is_held") == true else { throw ExpenditureRefusal.right }
        if try fields.next("gone", as: Int.self) == 1 { return }
        throw try await exists(id, in: dataset) ? ExpenditureRefusal.changed : .missing
    }

    /// Raises the number by which changes of a dataset's expenditures are noticed.
    /// - Throws: `PostgresError`.
    static func raiseVersion(of dataset: Slug, on connection: PostgresConnection) async throws {
        try await connection.query(
            "UPDATE datasets SET expenditures_version = expenditures_version + 1 WHERE slug = $1", [dataset])
    }

    /// The row that a statement wrote; `nil` where it wrote none.
    private func written(_ statement: String, _ parameters: [any PostgresEncodable]) async throws -> Expenditure? {
        let rows = try await writers.query(statement, parameters)
        var fields = rows[0].fields
        guard try fields.next("is_held") == true else { throw ExpenditureRefusal.right }
        let rest = fields
        guard try fields.next("id", as: Int64?.self) != nil else { return nil }
        return try Expenditure(rest)
    }

    private func exists(_ id: Int64, in dataset: Slug) async throws -> Bool {
        try await writers.query(
            "SELECT EXISTS (SELECT FROM expenditures WHERE id = $1 AND dataset = $2)", [id, dataset])[0].get(0)
    }

    /// The session and the hash of the key of a sender, as `hold_right` takes them.
    private static func sender(_ requester: Requester?) -> [any PostgresEncodable] {
        switch requester?.credential {
        case .session(let id): [id, PostgresBytes?.none]
        case .key(let hash): [Int64?.none, PostgresBytes(hash)]
        case nil: [Int64?.none, PostgresBytes?.none]
        }
    }

    private static func parameters(_ fields: ExpenditureFields) -> [any PostgresEncodable] {
        let key = fields.vendor.map { VendorKey.key(of: $0) }.flatMap { $0.isEmpty ? nil : $0 }
        return [
            fields.fiscalYear.map { Int32(clamping: $0) }, fields.entered, fields.vendor, key, fields.department,
            fields.account, fields.accountDescription, fields.organisation, fields.amount,
        ]
    }
}

extension Expenditure {
    /// Reads the columns of `expenditures.sql`.
    init(_ row: PostgresFields) throws {
        var fields = row
        let id: Int64 = try fields.next("id")
        let dataset: Slug = try fields.next("dataset")
        let sourceID: String = try fields.next("source_id")
        let fiscalYear: Int? = try fields.next("fiscal_year")
        let entered: LocalDay? = try fields.next("entered")
        let vendor: String? = try fields.next("vendor")
        let vendorKey: String? = try fields.next("vendor_key")
        let department: String? = try fields.next("department")
        let account: String? = try fields.next("account")
        let description: String? = try fields.next("account_description")
        let organisation: String? = try fields.next("organisation")
        let amount: Amount = try fields.next("amount")
        self.init(
            id: id, dataset: dataset, sourceID: sourceID,
            fields: ExpenditureFields(
                fiscalYear: fiscalYear, entered: entered, vendor: vendor, department: department, account: account,
                accountDescription: description, organisation: organisation, amount: amount),
            vendorKey: vendorKey, version: try fields.next("version"), batch: try fields.next("batch_id"))
    }
}
