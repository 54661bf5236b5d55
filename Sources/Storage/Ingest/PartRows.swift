import Postgres

/// Rows to be sent to one part of a batch.
struct PartRows: Sendable {
    var bytes: CopyBuffer
    /// How many of them are certainly new events. Rows with ids are not counted.
    var accepted: Int64 = 0
    var dirtyDays = DirtyDays()

    init(reserving rows: Int = 0) { bytes = CopyBuffer(reserving: rows * 160) }
}
