import Domain
import Foundation
import Postgres

/// Reads the events of many days over several connections that see one snapshot, some consecutive days at a time.
struct SliceReader: Sendable {
    let options: PostgresOptions

    /// The number of connections. Each is busy in a process of the server and a thread of this process.
    private static let connections = min(4, max(1, ProcessInfo.processInfo.activeProcessorCount))

    /// - Parameters:
    ///   - days: The days, ascending.
    ///   - connection: A connection inside a transaction with one snapshot.
    ///   - read: Reads the days of a slice.
    func read<Output: Sendable>(
        _ days: [LocalDay], on connection: PostgresConnection,
        _ read: @escaping @Sendable (PostgresConnection, ClosedRange<LocalDay>) async throws -> Output
    ) async throws -> [Output] {
        let starts =
            days.count > EventDays.longestSlice
            ? Set(try await EventPartitions.ranges(connection).map(\.lowerBound.day)) : []
        let slices = EventDays.slices(of: days, at: starts)
        let queue = WorkQueue(slices)
        guard slices.count > 1 else { return try await Self.read(queue, on: connection, read) }
        let snapshot: String = try await connection.query("SELECT pg_export_snapshot()")[0].get(0)
        return try await withThrowingTaskGroup(of: [Output].self) { group in
            group.addTask { try await Self.read(queue, on: connection, read) }
            for _ in 1..<min(Self.connections, slices.count) {
                group.addTask { [options] in
                    try await PostgresConnection.withConnection(options) { connection in
                        try await connection.transaction(
                            "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET TRANSACTION SNAPSHOT '\(snapshot)'"
                        ) { try await Self.read(queue, on: $0, read) }
                    }
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
    }

    private static func read<Output: Sendable>(
        _ queue: WorkQueue<ClosedRange<LocalDay>>, on connection: PostgresConnection,
        _ read: @Sendable (PostgresConnection, ClosedRange<LocalDay>) async throws -> Output
    ) async throws -> [Output] {
        var outputs: [Output] = []
        while let slice = await queue.next() { outputs.append(try await read(connection, slice)) }
        return outputs
    }
}
