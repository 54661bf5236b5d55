package import Postgres

/// What can run a statement: one session, or a pool of them.
package protocol QueryRunner: Sendable {
    func query(_ sql: String, _ parameters: [any PostgresEncodable]) async throws -> PostgresRows
}

extension PostgresConnection: QueryRunner {}

extension ReadPool: QueryRunner {}
