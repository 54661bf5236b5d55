import Foundation
package import Postgres

/// The database of one suite, dropped after it.
package struct TestDatabase: Sendable {
    /// The database of the running suite; tests read it through `TestDatabase.options`.
    @TaskLocal static var current: TestDatabase?

    let server: String
    let name: String

    /// Connection options of this suite's database.
    package static var options: PostgresOptions {
        guard let current else { preconditionFailure("the suite lacks the trait .database") }
        return PostgresOptions(url: current.server, database: current.name)
    }

    static func create() async throws -> TestDatabase {
        guard let server = ProcessInfo.processInfo.environment["HEXTANT_DATABASE_URL"] else {
            throw MissingServer()
        }
        let name = "test_" + UUID().uuidString.lowercased().replacing("-", with: "")
        let admin = try await PostgresConnection(PostgresOptions(url: server))
        try await admin.execute("CREATE DATABASE \(name)")
        await admin.close()
        return TestDatabase(server: server, name: name)
    }

    func drop() async throws {
        let admin = try await PostgresConnection(PostgresOptions(url: server))
        try await admin.execute("DROP DATABASE \(name) WITH (FORCE)")
        await admin.close()
    }
}

struct MissingServer: Error, CustomStringConvertible {
    var description: String { "HEXTANT_DATABASE_URL is not set: run the tests with `make test`, which starts a server" }
}
