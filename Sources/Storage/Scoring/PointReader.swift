import Domain
import Foundation
import Postgres

/// Reads the points of many days over several connections that see one snapshot.
struct PointReader: Sendable {
    let options: PostgresOptions
    let dataset: Dataset
    let resolutions: [Int]
    /// The types of the events that are read; `nil` for all.
    var types: [String]?
    let sql: SQLFiles

    /// The number of connections. Each is busy in a process of the server and a thread of this process.
    private static let connections = min(4, max(1, ProcessInfo.processInfo.activeProcessorCount))

    /// - Parameters:
    ///   - days: The days, ascending.
    ///   - connection: A connection inside a transaction with one snapshot.
    func read(_ days: [LocalDay], on connection: PostgresConnection) async throws -> [PointBins] {
        let starts =
            days.count > EventDays.longestSlice
            ? Set(try await EventPartitions.ranges(connection).map(\.lowerBound.day)) : []
        let slices = EventDays.slices(of: days, at: starts)
        let queue = WorkQueue(slices)
        guard slices.count > 1 else { return try await read(queue, on: connection) }
        let snapshot: String = try await connection.query("SELECT pg_export_snapshot()")[0].get(0)
        return try await withThrowingTaskGroup(of: [PointBins].self) { group in
            group.addTask { try await read(queue, on: connection) }
            for _ in 1..<min(Self.connections, slices.count) {
                group.addTask { try await read(queue, snapshot: snapshot) }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
    }

    private func read(_ queue: WorkQueue<ClosedRange<LocalDay>>, snapshot: String) async throws -> [PointBins] {
        try await PostgresConnection.withConnection(options) { connection in
            try await connection.transaction(
                "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET TRANSACTION SNAPSHOT '\(snapshot)'"
            ) { try await read(queue, on: $0) }
        }
    }

    private func read(
        _ queue: WorkQueue<ClosedRange<LocalDay>>, on connection: PostgresConnection
    ) async throws -> [PointBins] {
        var bins: [PointBins] = []
        while let slice = await queue.next() {
            bins.append(
                try await PointBins.load(
                    connection, dataset: dataset, days: slice, resolutions: resolutions, types: types, sql: sql))
        }
        return bins
    }
}

/// A queue of work that several tasks take items from, each item once, in order.
actor WorkQueue<Item: Sendable> {
    private var items: ArraySlice<Item>

    init(_ items: some Collection<Item>) { self.items = ArraySlice(items) }

    /// The next item; `nil` when all are taken.
    func next() -> Item? { items.popFirst() }
}
