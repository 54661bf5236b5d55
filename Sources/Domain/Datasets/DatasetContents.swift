/// The kind of records of a dataset.
package enum DatasetContents: String, Sendable, CaseIterable {
    case events
    /// Payments, which have no place: nothing of them is scored, forecast or drawn as cells.
    case expenditures
}
