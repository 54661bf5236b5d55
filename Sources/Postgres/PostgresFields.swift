/// The fields of a row, read one after the other in the order of the statement's columns, each by its name.
///
/// Names are compared in the first row of a result only. So the other rows are read as fast as by position, and a
/// column that a statement has lost, gained or moved is still noticed.
package struct PostgresFields {
    private let row: PostgresRow
    /// The position of the next column.
    private var column = 0

    init(_ row: PostgresRow) { self.row = row }

    /// Whether every column has been read.
    package var isAtEnd: Bool { column == row.count }

    /// Reads the value of the next column.
    ///
    /// - Throws: `PostgresError` with code `.decoding` when the next column has another name or type, or there is none.
    package mutating func next<Value: PostgresDecodable>(
        _ name: String, as type: Value.Type = Value.self
    ) throws(PostgresError) -> Value {
        try row.get(try pass(name))
    }

    /// Passes the bytes of the next column to `body` without a copy; `nil` is NULL.
    ///
    /// - Throws: `PostgresError` with code `.decoding` when the next column has another name, or there is none.
    package mutating func nextBytes<Output>(
        _ name: String, _ body: (UnsafeRawBufferPointer?) -> Output
    ) throws(PostgresError) -> Output {
        row.withBytes(try pass(name), body)
    }

    /// Goes on to the column after the next one, and returns the position of the one that was passed, whose bytes the
    /// caller reads.
    ///
    /// - Throws: `PostgresError` with code `.decoding` when that column has another name, or there is none.
    package mutating func pass(_ name: String) throws(PostgresError) -> Int {
        if row.index == 0, column >= row.count || row.name(column) != name {
            let found = column < row.count ? "column \(column) of the result is \(row.name(column))" : "the result ends"
            throw PostgresError(.decoding, "\(found) where \(name) is expected")
        }
        defer { column += 1 }
        return column
    }
}

extension PostgresRow {
    /// The fields of the row, from the first one on.
    package var fields: PostgresFields { PostgresFields(self) }
}

/// Reads a text that is the raw value of a case.
extension PostgresDecodable where Self: RawRepresentable, RawValue == String {
    package static func decode(_ bytes: UnsafeRawBufferPointer?, type: UInt32) -> Self? {
        String.decode(bytes, type: type).flatMap { Self(rawValue: $0) }
    }
}
