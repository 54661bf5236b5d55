import CLibpq

/// The rows that a statement returned, in binary form.
///
/// `@unchecked Sendable`: nothing changes the PGresult after libpq returned it, and libpq says "A PGresult is read-only
/// after creation and so can be passed around freely between threads".
package final class PostgresRows: @unchecked Sendable {
    private let result: OpaquePointer

    /// Takes ownership of `result` and clears it with the last reference.
    init(_ result: OpaquePointer) {
        self.result = result
    }

    deinit {
        PQclear(result)
    }

    package var count: Int { Int(PQntuples(result)) }

    /// The number of rows that an INSERT, UPDATE, DELETE or COPY changed.
    package var affected: Int { PQcmdTuples(result).flatMap { Int(String(cString: $0)) } ?? 0 }

    package subscript(row: Int) -> PostgresRow { PostgresRow(rows: self, index: Int32(row)) }

    package var first: PostgresRow? { count > 0 ? self[0] : nil }

    func field(_ row: Int32, _ column: Int32) -> UnsafeRawBufferPointer? {
        guard PQgetisnull(result, row, column) == 0, let value = PQgetvalue(result, row, column) else { return nil }
        return UnsafeRawBufferPointer(start: value, count: Int(PQgetlength(result, row, column)))
    }

    func type(_ column: Int32) -> UInt32 { PQftype(result, column) }

    func name(_ column: Int32) -> String { PQfname(result, column).map { String(cString: $0) } ?? "?" }

    var columns: Int32 { PQnfields(result) }
}

extension PostgresRows: Sequence {
    package func makeIterator() -> some IteratorProtocol<PostgresRow> {
        (0..<count).lazy.map { self[$0] }.makeIterator()
    }
}

/// One row. It keeps the whole result alive.
package struct PostgresRow: Sendable {
    let rows: PostgresRows
    let index: Int32

    /// The number of columns.
    package var count: Int { Int(rows.columns) }

    /// The name of a column in the statement.
    func name(_ column: Int) -> String { rows.name(Int32(column)) }

    /// The value of a column, counted from 0: for a statement with a single column. ``fields`` reads several.
    ///
    /// - Throws: `PostgresError` with code `.decoding` when the column does not have that type.
    package func get<Value: PostgresDecodable>(
        _ column: Int, as type: Value.Type = Value.self
    ) throws(PostgresError) -> Value {
        let column = Int32(column)
        guard column < rows.columns else {
            throw PostgresError(.decoding, "the result has \(rows.columns) columns, column \(column) was asked for")
        }
        guard let value = Value.decode(rows.field(index, column), type: rows.type(column)) else {
            throw PostgresError(
                .decoding, "column \(rows.name(column)) of type OID \(rows.type(column)) is not a \(Value.self)")
        }
        return value
    }

    /// Passes the field's bytes to `body` without a copy; `nil` is NULL.
    package func withBytes<Output>(_ column: Int, _ body: (UnsafeRawBufferPointer?) throws -> Output) rethrows -> Output
    {
        try body(rows.field(index, Int32(column)))
    }
}
