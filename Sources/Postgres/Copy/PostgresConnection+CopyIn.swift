import CLibpq

extension PostgresConnection {
    /// Runs `COPY … FROM STDIN (FORMAT binary)` and sends what `body` writes. Nothing is stored if `body` throws.
    ///
    /// - Returns: The number of copied rows.
    @discardableResult
    package func copyIn(
        _ sql: String, _ body: @Sendable (CopyWriter) async throws -> Void
    ) async throws -> Int {
        let writer = try await openCopyIn(sql)
        do {
            try await body(writer)
        } catch {
            await writer.abandon()
            throw error
        }
        return try await writer.finish()
    }

    /// Begins `COPY … FROM STDIN (FORMAT binary)`. The connection accepts no other statement until the writer is
    /// finished.
    ///
    /// If the connection is closed instead, nothing that was written is stored.
    package func openCopyIn(_ sql: String) async throws(PostgresError) -> CopyWriter {
        try await cancellable { connection throws(PostgresError) in
            try connection.beginCopy(sql, PGRES_COPY_IN)
            try connection.put(CopyBuffer.header)
        }
        return CopyWriter(connection: self)
    }

    func beginCopy(_ sql: String, _ direction: ExecStatusType) throws(PostgresError) {
        let handle = try open()
        guard PQsendQuery(handle, sql) == 1 else { throw broken() }
        guard let result = try nextResult() else { throw broken() }
        defer { PQclear(result) }
        guard PQresultStatus(result) == direction else {
            let error = Self.error(of: result)
            while let rest = try nextResult() { PQclear(rest) }
            throw error
        }
    }

    func put(_ bytes: [UInt8]) throws(PostgresError) {
        let handle = try open()
        // In non-blocking mode libpq buffers without limit, so rows are flushed in steps of at most 1 MB.
        let step = 1 << 20
        var start = 0
        while start < bytes.count {
            let end = min(start + step, bytes.count)
            let done = bytes[start..<end].withUnsafeBytes { slice in
                PQputCopyData(handle, slice.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(slice.count))
            }
            guard done == 1 else { throw broken() }
            try flush()
            start = end
        }
    }

    fileprivate func failCopy() {
        // The server answers with the failure that it was told.
        _ = try? endCopy(failure: "the sender gave up")
        settle()
    }

    fileprivate func endCopy(failure: String?) throws(PostgresError) -> Int {
        let handle = try open()
        guard PQputCopyEnd(handle, failure) == 1 else { throw broken() }
        return try lastResult().affected
    }
}

/// Writes the rows of an open COPY.
package struct CopyWriter: Sendable {
    let connection: PostgresConnection

    /// Sends whole rows and returns when the network has taken them.
    package func write(_ rows: CopyBuffer) async throws(PostgresError) {
        try await connection.cancellable { connection throws(PostgresError) in
            try connection.put(rows.bytes)
        }
    }

    /// Ends the COPY.
    ///
    /// - Returns: The number of copied rows.
    @discardableResult
    package func finish() async throws(PostgresError) -> Int {
        try await connection.cancellable { connection throws(PostgresError) in
            try connection.put(CopyBuffer.trailer)
            return try connection.endCopy(failure: nil)
        }
    }

    /// Ends the COPY as a failure, so that nothing of it is stored. This cannot be cancelled, because a cancelled task
    /// must not leave a COPY open.
    package func abandon() async {
        await connection.failCopy()
    }
}
