import Postgres

/// The rows of a COPY, sent in blocks of about a megabyte.
struct CopyRows {
    private let writer: CopyWriter
    var buffer = CopyBuffer(reserving: Self.partSize)
    private static let partSize = 1 << 20

    init(_ writer: CopyWriter) { self.writer = writer }

    /// Begins a row. Exactly `fields` values must then be appended to the buffer.
    mutating func begin(fields: Int16) async throws {
        if buffer.bytes.count >= Self.partSize { try await flush() }
        buffer.beginRow(fields: fields)
    }

    /// Sends the remaining rows and ends the COPY, for a writer that was opened by `openCopyIn`.
    mutating func end() async throws {
        try await flush()
        try await writer.finish()
    }

    /// Sends the remaining rows.
    mutating func flush() async throws {
        try await writer.write(buffer)
        buffer.removeAll()
    }
}
