import Postgres

/// Rows on their way to one part of a batch.
struct PartRows: Sendable {
    var bytes: CopyBuffer
    /// New events among them for certain, as rows with ids are not.
    var accepted: Int64 = 0
    var dirtyDays = DirtyDays()

    init(reserving rows: Int = 0) { bytes = CopyBuffer(reserving: rows * 160) }
}
