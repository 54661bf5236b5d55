extension PostgresConnection {
    /// Opens a connection for `body` alone and always closes it afterwards.
    package static func withConnection<Output: Sendable>(
        _ options: PostgresOptions, _ body: (PostgresConnection) async throws -> Output
    ) async throws -> Output {
        let connection = try await PostgresConnection(options)
        do {
            let output = try await body(connection)
            await connection.close()
            return output
        } catch {
            await connection.close()
            throw error
        }
    }
}
