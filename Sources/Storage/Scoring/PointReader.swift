import Domain
import Postgres

/// Reads the points of many days and bins them.
struct PointReader: Sendable {
    let options: PostgresOptions
    let dataset: Dataset
    let resolutions: [Int]
    /// The types of the events that are read; `nil` for all.
    var types: [String]?
    let sql: SQLFiles

    /// - Parameters:
    ///   - days: The days, ascending.
    ///   - connection: A connection inside a transaction with one snapshot.
    func read(_ days: [LocalDay], on connection: PostgresConnection) async throws -> [PointBins] {
        try await SliceReader(options: options).read(days, on: connection) { [self] connection, slice in
            try await PointBins.load(
                connection, dataset: dataset, days: slice, resolutions: resolutions, types: types, sql: sql)
        }
    }
}

/// A queue of work that several tasks take items from, each item once, in order.
actor WorkQueue<Item: Sendable> {
    private var items: ArraySlice<Item>

    init(_ items: some Collection<Item>) { self.items = ArraySlice(items) }

    /// The next item; `nil` when all are taken.
    func next() -> Item? { items.popFirst() }
}
