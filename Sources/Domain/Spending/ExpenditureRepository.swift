/// A question for expenditures of a dataset.
package struct ExpenditureQuery: Hashable, Sendable {
    package var dataset: Slug
    package var fiscalYear: Int?
    /// The key of the vendor by the rule of `VendorKey`.
    package var vendorKey: String?
    package var department: String?
    package var account: String?
    package var organisation: String?
    /// The first and last day of entry.
    package var from: LocalDay?
    package var to: LocalDay?
    package var least: Amount?
    package var most: Amount?

    package init(dataset: Slug) { self.dataset = dataset }
}

extension Expenditure: Listed {
    package var cursor: Int64 { id }
}

/// The state of a dataset of expenditures: its rows, and how its batches went.
package struct ExpendituresStatus: Hashable, Sendable {
    /// The number that every change of the expenditures raises.
    package let version: Int64
    package let rows: Int
    package let entered: ClosedRange<LocalDay>?
    /// The sum of all amounts with two decimals, which may be larger than an ``Amount``; `nil` without rows.
    package let total: String?
    package let batches: Int
    package let failedBatches: Int
    /// Counts of finished batches.
    package let accepted: Int
    package let duplicate: Int
    package let rejected: Int
    package let openDeadLetters: Int
    /// The batch that is being written now.
    package let runningBatch: Int64?
    package let lastFinished: Instant?

    package init(
        version: Int64, rows: Int, entered: ClosedRange<LocalDay>?, total: String?, batches: Int, failedBatches: Int,
        accepted: Int, duplicate: Int, rejected: Int, openDeadLetters: Int, runningBatch: Int64?,
        lastFinished: Instant?
    ) {
        self.version = version
        self.rows = rows
        self.entered = entered
        self.total = total
        self.batches = batches
        self.failedBatches = failedBatches
        self.accepted = accepted
        self.duplicate = duplicate
        self.rejected = rejected
        self.openDeadLetters = openDeadLetters
        self.runningBatch = runningBatch
        self.lastFinished = lastFinished
    }
}

/// Why an expenditure was not written.
package enum ExpenditureRefusal: Error, Hashable, Sendable {
    /// There is no such row, or its dataset holds no expenditures.
    case missing
    /// The row has another version than the one that was read.
    case changed
    /// The dataset has a row with the id of the source already.
    case taken
    /// The sender's right has ended.
    case right
}

/// Reads and writes single expenditures.
package protocol ExpenditureRepository: Sendable {
    /// A page of expenditures in the order of their ids.
    func expenditures(_ query: ExpenditureQuery, _ page: PageRequest<Expenditure>) async throws -> Page<Expenditure>
    func expenditure(_ id: Int64) async throws -> Expenditure?
    /// The first datasets that hold expenditures of those in a scope, by slug.
    func datasets(in scope: DatasetScope, limit: Int) async throws -> [Slug]
    /// `nil` for a dataset that holds no expenditures.
    func status(of dataset: Slug) async throws -> ExpendituresStatus?

    /// - Parameter sourceID: The id of the source; `nil` for one that is made.
    /// - Throws: ``ExpenditureRefusal``.
    func add(
        _ fields: ExpenditureFields, sourceID: String?, to dataset: Slug, by requester: Requester?
    ) async throws -> Expenditure

    /// - Parameter version: The version that was read; `nil` for any.
    /// - Throws: ``ExpenditureRefusal``.
    func change(
        _ id: Int64, of dataset: Slug, to fields: ExpenditureFields, ifVersion version: Int64?,
        by requester: Requester?
    ) async throws -> Expenditure

    /// - Throws: ``ExpenditureRefusal``.
    func delete(_ id: Int64, of dataset: Slug, ifVersion version: Int64?, by requester: Requester?) async throws
}
