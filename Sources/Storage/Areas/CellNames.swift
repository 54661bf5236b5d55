package import Domain
package import H3
import Postgres

/// Reads the names of places for cells: the areas of the layer that a dataset names.
package struct CellNames: Sendable {
    private let database: any QueryRunner
    private let sql: SQLFiles

    package init(_ database: any QueryRunner, sql: SQLFiles) {
        self.database = database
        self.sql = sql
    }

    /// The names of those of the cells that have one; empty where the dataset names no layer.
    /// - Throws: What ``QueryRunner/query(_:_:)`` throws.
    package func names(of cells: some Sequence<H3Cell>, in dataset: Slug) async throws -> [H3Cell: String] {
        let wanted = Set(cells)
        guard !wanted.isEmpty else { return [:] }
        let rows = try await database.query(
            sql[.cellNames], [dataset, PostgresArray(wanted.map(\.bitPattern).sorted())])
        var names: [H3Cell: String] = [:]
        for row in rows {
            var fields = row.fields
            let cell: H3Cell = try fields.next("h3_index")
            names[cell] = try fields.next("label")
        }
        return names
    }

    /// Rows with the names of their cells.
    func named<Row>(
        _ rows: [Row], in dataset: Slug, _ cell: KeyPath<Row, H3Cell>,
        _ name: WritableKeyPath<Row, String?>
    ) async throws -> [Row] {
        let names = try await names(of: rows.map { $0[keyPath: cell] }, in: dataset)
        guard !names.isEmpty else { return rows }
        return rows.map { row in
            var row = row
            row[keyPath: name] = names[row[keyPath: cell]]
            return row
        }
    }
}
