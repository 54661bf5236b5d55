package import Domain
package import Models
package import Postgres

/// Reads what models learn from: the payments of a dataset, and the figures of its departments.
package struct ModelInput: Sendable {
    /// The most payments that a model learns from, the newest.
    package static let mostPayments = 1_000_000
    /// The fewest payments of a department that is compared with others.
    package static let fewestPayments = 12
    private static let fetchedRows = 20_000

    private let options: PostgresOptions
    private let sql: SQLFiles
    private let dataset: Slug

    package init(_ options: PostgresOptions, sql: SQLFiles, dataset: Slug) {
        self.options = options
        self.sql = sql
        self.dataset = dataset
    }

    /// The newest payments by day, the oldest of them first. Those without a day are left out.
    ///
    /// The order does not depend on when and how they were stored. All of them are read in one snapshot, a part at a
    /// time.
    /// - Parameters:
    ///   - day: The last day that is left out.
    ///   - progress: Called with the number of payments that were read.
    /// - Throws: `StorageError` with code `.dataset` when there is no such dataset or it holds no expenditures;
    ///   `PostgresError`; `CancellationError`.
    package func payments(
        after day: LocalDay? = nil, limit: Int = mostPayments, progress: @Sendable (Int) -> Void = { _ in }
    ) async throws -> PaymentTable {
        try await PostgresConnection.withConnection(options) { connection in
            try await check(on: connection)
            try await connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            try await connection.queryOnce(
                "DECLARE paid NO SCROLL CURSOR FOR \(sql[.modelPayments])", [dataset, day, limit]
            ) { _ in }
            var table = PaymentTable()
            while true {
                try Task.checkCancellation()
                let rows = try await connection.query("FETCH \(Self.fetchedRows) FROM paid")
                guard rows.count > 0 else { return table }
                for row in rows { try Self.add(row, to: &table) }
                progress(table.rows)
            }
        }
    }

    private static func add(_ row: PostgresRow, to table: inout PaymentTable) throws(PostgresError) {
        var fields = row.fields
        let amount: Int64 = try fields.next("amount")
        let day: LocalDay = try fields.next("entered")
        let year: Int? = try fields.next("fiscal_year")
        let vendor: String? = try fields.next("vendor")
        let department: String? = try fields.next("department")
        let account: String? = try fields.next("account")
        table.append(
            amount: amount, day: day, year: year.map { Int32(clamping: $0) }, vendor: vendor, department: department,
            account: account)
    }

    /// The figures of the departments with enough payments, by name, and the days and the number of all payments that
    /// count; no days without any.
    /// - Throws: As ``payments(after:limit:progress:)``.
    package func departments() async throws -> (
        figures: [DepartmentFigures], days: ClosedRange<LocalDay>?, payments: Int
    ) {
        try await PostgresConnection.withConnection(options) { connection in
            try await check(on: connection)
            let rows = try await connection.query(
                sql[.modelDepartments], [dataset, Int64(Self.fewestPayments), Silhouette.mostRows + 1])
            var (days, payments): (ClosedRange<LocalDay>?, Int) = (nil, 0)
            var figures: [DepartmentFigures] = []
            for row in rows {
                var fields = row.fields
                figures.append(
                    DepartmentFigures(
                        department: try fields.next("department"), payments: try fields.next("payments"),
                        total: try fields.next("total"), vendorHHI: try fields.next("hhi"),
                        lastQuarter: try fields.next("last_quarter"), newest: try fields.next("newest"),
                        before: try fields.next("before")))
                let first: LocalDay = try fields.next("first_day")
                days = first...max(first, try fields.next("last_day"))
                payments = try fields.next("all_payments")
            }
            return (figures, days, payments)
        }
    }

    private func check(on connection: PostgresConnection) async throws {
        let rows = try await connection.query("SELECT holds FROM datasets WHERE slug = $1", [dataset])
        guard let row = rows.first else { throw StorageError.noDataset(dataset) }
        guard try row.get(0, as: String.self) == "expenditures" else {
            throw StorageError(.dataset, "\(dataset) holds events; models learn from datasets that hold expenditures")
        }
    }
}
