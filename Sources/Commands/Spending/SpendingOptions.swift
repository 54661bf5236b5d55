import ArgumentParser
import Domain
import Foundation
import NIOCore
import Postgres
import Server
import Spending
import Storage

/// The options that choose expenditures.
struct SpendingOptions: ParsableArguments {
    @Option(
        help: "Slug of the dataset. Default: the only one that holds expenditures.", transform: Slug.argument)
    var dataset: Slug?

    @Option(parsing: .upToNextOption, help: "Fiscal years, named by the year in which they end. Default: all.")
    var fiscalYear: [Int] = []

    @Option(help: "A department, as it is written. Default: all.")
    var department: String?

    @Option(help: "A vendor; spellings that differ in case, punctuation or legal form are one. Default: all.")
    var vendor: String?

    @Option(help: "First day, YYYY-MM-DD. Default: no limit.", transform: Self.day)
    var from: LocalDay?

    @Option(help: "Last day, YYYY-MM-DD. Default: no limit.", transform: Self.day)
    var to: LocalDay?

    @Option(help: "How many items to print, 1 to 1000000.")
    var limit = 20

    /// The memory that a command may take for expenditures, in bytes.
    private static let memory = 8 << 30

    func validate() throws {
        guard (1...1_000_000).contains(limit) else { throw ValidationError("--limit must be 1 to 1000000") }
        guard fiscalYear.count <= 50, fiscalYear.allSatisfy({ (1...9999).contains($0) }) else {
            throw ValidationError("--fiscal-year must be up to 50 years from 1 to 9999")
        }
        if let from, let to, to < from { throw ValidationError("--to must not be earlier than --from") }
        if let vendor, VendorKey.key(of: vendor).isEmpty {
            throw ValidationError("--vendor has no letter or digit")
        }
    }

    var filter: ExpenditureFilter {
        ExpenditureFilter(
            fiscalYears: fiscalYear, departments: department.map { [$0] } ?? [],
            vendors: vendor.map { [VendorKey.key(of: $0)] } ?? [], from: from, to: to)
    }

    /// Passes the store and the dataset to `body`.
    /// - Throws: `StorageError` with code `.dataset` where none or several hold expenditures; what `body` throws.
    func withStore<Output: Sendable>(
        _ options: PostgresOptions, _ body: (SpendingStore, Slug, SpendingVersion) async throws -> Output
    ) async throws -> Output {
        let sql = try Installation.find().sql()
        return try await PostgresConnection.withConnection(options) { connection in
            let store = SpendingStore(connection, options: options, sql: sql, memory: Self.memory)
            do {
                let dataset = try await chosen(store)
                guard let version = try await store.version(of: dataset) else {
                    throw StorageError(
                        .dataset,
                        "there is no dataset \(dataset) that holds expenditures: `hextant datasets list` lists them")
                }
                let output = try await body(store, dataset, version)
                await store.close()
                return output
            } catch {
                await store.close()
                throw error
            }
        }
    }

    private func chosen(_ store: SpendingStore) async throws -> Slug {
        if let dataset { return dataset }
        let known = try await store.datasets()
        guard let only = known.first, known.count == 1 else {
            throw StorageError(
                .dataset,
                known.isEmpty
                    ? "there is no dataset that holds expenditures"
                    : "several datasets hold expenditures: name one with --dataset, such as \(known[0])")
        }
        return only
    }

    private static func day(_ text: String) throws -> LocalDay {
        guard let day = LocalDay(text) else { throw ValidationError("it must be a date such as 2016-04-01") }
        return day
    }

    /// Prints the items as a table, or everything as one JSON object.
    func print(_ table: SpendingTable, of dataset: Slug, asJSON: Bool) {
        if asJSON { return Swift.print(String(buffer: table.json(dataset: dataset, limit: limit))) }
        let shown = min(limit, table.count)
        let rows = [table.columns] + (0..<shown).map { table.values($0).map(\.shown) }
        let widths = table.columns.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        for row in rows {
            let cells = zip(row, widths).map { text, width in
                text + String(repeating: " ", count: width - text.count)
            }
            Swift.print(cells.joined(separator: "  ").trimmingSuffix(while: { $0 == " " }))
        }
        if shown < table.count { Swift.print("and \(table.count - shown) more (--limit)") }
    }
}

extension SpendingValue {
    /// The longest text of a cell.
    private static let longest = 40

    /// The value as people read it: control characters away, ratios rounded.
    fileprivate var shown: String {
        switch self {
        case .text(let text):
            String(
                (text ?? "-").map { $0.isNewline || $0.unicodeScalars.allSatisfy { $0.value < 0x20 } ? " " : $0 }
                    .prefix(Self.longest))
        case .integer(let number): number.map(String.init) ?? "-"
        case .number(let number): number.map { "\($0.rounded(to: 2))" } ?? "-"
        case .amount(let cents): cents.map(CentsText.of) ?? "-"
        }
    }
}

extension String {
    fileprivate func trimmingSuffix(while isTrimmed: (Character) -> Bool) -> String {
        String(reversed().drop(while: isTrimmed).reversed())
    }
}
