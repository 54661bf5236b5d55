/// What the records of a dataset are.
package enum DatasetContents: String, Sendable, CaseIterable {
    case events
    /// Payments, which have no place: nothing of them is scored, forecast or drawn as cells.
    case expenditures
}
