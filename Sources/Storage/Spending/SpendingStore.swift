import Caching
import Dispatch
package import Domain
package import Postgres
package import Spending
import Synchronization

/// Computes figures of expenditures over tables in memory.
///
/// The table of a dataset is read once for each version of its expenditures, by one connection and in one snapshot, and
/// is kept as long as it is used and there is room. A dataset that is too large for that is read for each answer, with
/// the filter in the database, if what it selects is not too large as well: so the same arithmetic makes every answer.
package final class SpendingStore: SpendingRepository {
    private struct Kept: Sendable {
        let table: ExpenditureTable
        let version: SpendingVersion
    }

    private struct Flight: Hashable {
        let dataset: Slug
        let version: SpendingVersion
        /// The filter in the database; open for the whole dataset.
        let filter: ExpenditureFilter
    }

    /// How many answers may wait for their computation.
    private static let mostWaiting = 64
    /// How long reading a dataset may take.
    private static let patience = Duration.seconds(120)
    /// How many datasets are remembered as too large.
    private static let mostLarge = 1024
    /// How many datasets that hold expenditures are looked at.
    private static let mostDatasets = 1000

    let database: any QueryRunner
    private let readers: PostgresPool
    let sql: SQLFiles
    private let memory: Int
    private let kept: Mutex<Sieve<Slug, Kept>>
    private let large = Mutex(Sieve<Slug, SpendingVersion>(limit: SpendingStore.mostLarge))
    private let flights = SingleFlight<Flight, Kept>()
    /// One at a time, so that the other threads go on with what is quick.
    private let queue = DispatchQueue(label: "spending")
    /// Puts the rows of tables in order, which takes a second for millions of them.
    private let tables = DispatchQueue(label: "spending tables")
    private let waiting = Mutex(0)

    /// - Parameters:
    ///   - options: Where whole datasets are read, by one connection at a time.
    ///   - memory: The largest size of all tables together, in bytes.
    package init(_ database: any QueryRunner, options: PostgresOptions, sql: SQLFiles, memory: Int) {
        self.database = database
        self.sql = sql
        self.memory = memory
        var options = ReadPool.readOnly(options)
        options.statementTimeout = Self.patience
        readers = PostgresPool(options, capacity: 1, maxWaiters: Self.mostWaiting, maxWait: Self.patience)
        kept = Mutex(Sieve(limit: memory))
    }

    /// Closes the connection that reads datasets.
    package func close() async { await readers.close() }

    /// The datasets that hold expenditures, by slug; at most a thousand.
    /// - Throws: What ``QueryRunner/query(_:_:)`` throws.
    package func datasets() async throws -> [Slug] {
        try await database.query(sql[.spendingDatasets], [Self.mostDatasets]).map { try $0.get(0) }
    }

    /// - Throws: What ``QueryRunner/query(_:_:)`` throws.
    package func version(of dataset: Slug) async throws -> SpendingVersion? {
        try await database.query(sql[.spendingVersion], [dataset]).first.map(Self.version)
    }

    /// - Throws: `ExpenditureTable.Fault`; ``SpendingBusy``; `DeadlineExceeded`; what ``QueryRunner/query(_:_:)``
    ///   throws.
    package func figures<Figures: Sendable>(
        of dataset: Slug, _ version: SpendingVersion, _ filter: ExpenditureFilter,
        _ compute: @escaping @Sendable (ExpenditureTable) -> Figures
    ) async throws -> Figures {
        let table = try await table(of: dataset, version, filter)
        let isRoom = waiting.withLock { waiting in
            guard waiting < Self.mostWaiting else { return false }
            waiting += 1
            return true
        }
        guard isRoom else { throw SpendingBusy() }
        defer { waiting.withLock { $0 -= 1 } }
        return await withCheckedContinuation { continuation in
            queue.async { continuation.resume(returning: compute(table)) }
        }
    }

    /// The table of a dataset, or of what a filter selects of one that is too large.
    private func table(
        of dataset: Slug, _ version: SpendingVersion, _ filter: ExpenditureFilter
    ) async throws -> ExpenditureTable {
        if let known = kept.withLock({ $0.value(dataset) }), known.version == version { return known.table }
        if large.withLock({ $0.value(dataset) }) != version {
            do {
                // Goes on when nobody waits for it any more: otherwise a dataset that takes longer than a request may
                // would never be there.
                return try await Task { try await self.whole(dataset, version) }.value.table
            } catch let fault as ExpenditureTable.Fault {
                guard case .tooLarge = fault, !filter.isOpen else { throw fault }
            }
        }
        guard !filter.isOpen else { throw ExpenditureTable.Fault.tooLarge(limit: memory) }
        let flight = Flight(dataset: dataset, version: version, filter: filter)
        return try await flights.value(for: flight, within: Self.patience) { [self] in
            try await read(dataset, filter)
        }.value.table
    }

    private func whole(_ dataset: Slug, _ version: SpendingVersion) async throws -> Kept {
        let flight = Flight(dataset: dataset, version: version, filter: ExpenditureFilter())
        return try await flights.value(for: flight, within: Self.patience) { [self] in
            do {
                let read = try await read(dataset, flight.filter)
                kept.withLock { _ = $0.set(dataset, read, cost: read.table.size) }
                return read
            } catch let fault as ExpenditureTable.Fault {
                if case .tooLarge = fault { large.withLock { _ = $0.set(dataset, version, cost: 1) } }
                throw fault
            }
        }.value
    }

    private func read(_ dataset: Slug, _ filter: ExpenditureFilter) async throws -> Kept {
        do {
            return try await readers.withConnection { [self] connection in
                try await connection.transaction("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY") { connection in
                    try await read(dataset, filter, on: connection)
                }
            }
        } catch let error as PostgresError {
            throw StoreUnavailable.or(error)
        }
    }

    /// Reads expenditures on a connection inside a transaction with one snapshot.
    private func read(
        _ dataset: Slug, _ filter: ExpenditureFilter, on connection: PostgresConnection
    ) async throws -> Kept {
        // The dataset may be gone since it was looked up; then there is nothing of it.
        let version = try await connection.query(sql[.spendingVersion], [dataset]).first.map(Self.version)
        let parameters: [any PostgresEncodable] = [
            dataset,
            filter.fiscalYears.isEmpty ? nil : PostgresArray(filter.fiscalYears.map { Int32(clamping: $0) }),
            filter.departments.isEmpty ? nil : PostgresArray(filter.departments),
            filter.vendors.isEmpty ? nil : PostgresArray(filter.vendors), filter.from, filter.to,
        ]
        let copy: String = try await connection.query(sql[.spendingCopy], parameters)[0].get(0)
        let fault = Mutex<ExpenditureTable.Fault?>(nil)
        do {
            let builder = try await connection.copyOut(copy, into: ExpenditureTable.Builder(limit: memory)) {
                (builder: inout ExpenditureTable.Builder, row: CopyRow) throws(PostgresError) in
                do throws(ExpenditureTable.Fault) {
                    try builder.add(row)
                } catch {
                    fault.withLock { $0 = error }
                    throw PostgresError(.decoding, error.description)
                }
            }
            let table = try await withCheckedThrowingContinuation { continuation in
                tables.async { continuation.resume(with: Result { try builder.table() }) }
            }
            return Kept(table: table, version: version ?? SpendingVersion(dataset: 0, number: 0))
        } catch {
            throw fault.withLock { $0 } ?? error
        }
    }

    private static func version(_ row: PostgresRow) throws -> SpendingVersion {
        var fields = row.fields
        let dataset: Int64 = try fields.next("id")
        return SpendingVersion(dataset: dataset, number: try fields.next("version"))
    }
}

/// Too many answers wait for their computation.
package struct SpendingBusy: TemporarilyUnavailable {
    package var retryAfter: Duration { .seconds(2) }
}

extension ExpenditureTable.Builder {
    /// Adds a row of `spending_copy.sql`.
    fileprivate mutating func add(_ row: CopyRow) throws(ExpenditureTable.Fault) {
        var row = row
        let id: Int64 = row.number() ?? 0
        let amount: Int64 = row.number() ?? 0
        // A date is days since 2000-01-01.
        let day: Int32? = row.number()
        let year: Int32? = row.number()
        let department = row.nextField()
        let account = row.nextField()
        let description = row.nextField()
        let key = row.nextField()
        let vendor = row.nextField()
        try add(
            id: id, amount: amount, day: day.map { LocalDay(number: $0 &+ 10_957) }, fiscalYear: year,
            department: department, account: account, description: description, key: key, vendor: vendor)
    }
}

extension CopyRow {
    /// The next field as a number; `nil` for NULL.
    fileprivate mutating func number<Value: FixedWidthInteger>() -> Value? {
        guard let field = nextField(), field.count == MemoryLayout<Value>.size else { return nil }
        return Value(bigEndian: field.loadUnaligned(as: Value.self))
    }
}
