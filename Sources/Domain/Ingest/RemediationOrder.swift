/// The dead letters that are to be read again.
package struct RemediationOrder: Hashable, Sendable {
    package var dataset: Slug
    /// The only batch; `nil` for all that have open dead letters.
    package var batch: Int64?
    /// Name of the mapping to read them with; `nil` for that of each batch, which may have changed since.
    package var mapping: String?
    /// Only letters of this reason code; `nil` for all.
    package var reason: String?

    package init(dataset: Slug, batch: Int64? = nil, mapping: String? = nil, reason: String? = nil) {
        self.dataset = dataset
        self.batch = batch
        self.mapping = mapping
        self.reason = reason
    }
}

/// The result of reading the dead letters of several batches again.
package struct RemediationSum: Hashable, Sendable {
    /// How many batches had open dead letters that were read again.
    package var batches = 0
    package var examined = 0
    package var remediated = 0
    package var accepted = 0
    package var remedies = RemedyCounts()
    /// Why the letters of some batches could not be read again, in sentences; at most ten.
    package var problems: [String] = []

    package init() {}

    package mutating func add(_ done: Remediation) {
        batches += 1
        examined += done.examined
        remediated += done.remediated
        accepted += done.accepted
        remedies.add(done.remedies)
    }
}
