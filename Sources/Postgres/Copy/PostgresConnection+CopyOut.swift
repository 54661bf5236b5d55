import CLibpq
import Foundation

extension PostgresConnection {
    /// Runs `COPY … TO STDOUT (FORMAT binary)` and folds its rows into a state, on the connection's thread.
    package func copyOut<State: Sendable>(
        _ sql: String, into initial: State,
        _ add: @Sendable (inout State, CopyRow) throws(PostgresError) -> Void
    ) async throws(PostgresError) -> State {
        try await cancellable { connection throws(PostgresError) in
            try connection.beginCopy(sql, PGRES_COPY_OUT)
            var state = initial
            var isFirst = true
            while let message = try connection.nextCopyMessage() {
                defer { PQfreemem(message.baseAddress) }
                var bytes = UnsafeRawBufferPointer(message)
                if isFirst {
                    // Signature (11), flags (4) and the length of the extension (4), which is 0 in every version so
                    // far.
                    bytes = .init(rebasing: bytes.dropFirst(CopyBuffer.header.count))
                    isFirst = false
                }
                guard bytes.count >= 2, bytes.loadUnaligned(as: Int16.self) != -1 else { continue }
                do throws(PostgresError) {
                    try add(&state, CopyRow(bytes: bytes))
                } catch {
                    // The rest of the stream is still to come, so the connection cannot be used any more.
                    throw connection.abandon(error)
                }
            }
            _ = try connection.lastResult()
            return state
        }
    }

    /// The next row as libpq returns it, `nil` at the end.
    private func nextCopyMessage() throws(PostgresError) -> UnsafeMutableRawBufferPointer? {
        let handle = try open()
        while true {
            var buffer: UnsafeMutablePointer<CChar>?
            switch PQgetCopyData(handle, &buffer, 1) {
            case 0:
                try awaitInput()
            case -1:
                return nil
            case let length where length > 0:
                return UnsafeMutableRawBufferPointer(start: buffer, count: Int(length))
            default:
                throw broken()
            }
        }
    }
}

/// A row of binary COPY, whose fields are read in order.
///
/// The reading functions are inlinable: millions of rows pass through them, and generics that are not specialised cost
/// more than decoding itself.
package struct CopyRow {
    @usableFromInline let bytes: UnsafeRawBufferPointer
    @usableFromInline var offset = 2

    init(bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
    }

    /// The next field as a fixed-width integer.
    @inlinable
    package mutating func next<Value: FixedWidthInteger>(_ type: Value.Type) throws(PostgresError) -> Value {
        let field = nextField()
        guard let field, field.count == MemoryLayout<Value>.size else {
            throw PostgresError(.decoding, "a field of the COPY stream is not a \(type)")
        }
        return Value(bigEndian: field.loadUnaligned(as: Value.self))
    }

    /// The bytes of the next field, `nil` for NULL. They are valid only as long as the row.
    @inlinable
    package mutating func nextField() -> UnsafeRawBufferPointer? {
        guard offset + 4 <= bytes.count else { return nil }
        let length = Int(Int32(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: Int32.self)))
        offset += 4
        guard length >= 0, offset + length <= bytes.count else { return nil }
        defer { offset += length }
        return UnsafeRawBufferPointer(rebasing: bytes[offset..<(offset + length)])
    }
}
