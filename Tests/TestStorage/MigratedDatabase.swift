package import Postgres
package import Storage
package import TestDatabase
import Testing

/// A database of the suite's own with the whole schema, and with what `fill` puts into it.
package func migratedDatabase(filledBy fill: @escaping @Sendable () async throws -> Void = {}) -> DatabaseTrait {
    .database {
        try await withConnection { connection in
            _ = try await Migrator(connection, migrations: Checkout.migrations()).up()
        }
        try await fill()
    }
}

/// Runs `body` on a connection to the suite's database and closes it.
@discardableResult
package func withConnection<Output: Sendable>(
    _ body: (PostgresConnection) async throws -> Output
) async throws -> Output {
    let connection = try await PostgresConnection(TestDatabase.options)
    do {
        let output = try await body(connection)
        await connection.close()
        return output
    } catch {
        await connection.close()
        throw error
    }
}

/// Runs `body` with a pool of readers of the suite's database and closes it.
package func withReaders<Output: Sendable>(
    capacity: Int = 2, _ body: (ReadPool) async throws -> Output
) async throws -> Output {
    let pool = ReadPool(TestDatabase.options, capacity: capacity, statementTimeout: .seconds(60))
    do {
        let output = try await body(pool)
        await pool.close()
        return output
    } catch {
        await pool.close()
        throw error
    }
}

/// The first column of the first row.
package func value<Value: PostgresDecodable>(
    _ sql: String, _ parameters: [any PostgresEncodable] = [], as type: Value.Type = Value.self
) async throws -> Value {
    try await withConnection { connection in
        let rows = try await connection.query(sql, parameters)
        return try #require(rows.first).get(0, as: type)
    }
}
