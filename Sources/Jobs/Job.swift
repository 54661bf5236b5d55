package import Domain

/// Name of a kind of job, as `jobs.kind` keeps it: 1 to 63 bytes. The database has jobs of any kind, and a worker does
/// those whose kinds it knows.
package struct JobKind: RawRepresentable, Hashable, Sendable {
    package let rawValue: String

    /// The kinds that this version knows.
    package static let all: [JobKind] = [
        .score, .refresh, .retention, .fetch, .renew, .remediate, .queryables, .areas, .outlook, .evaluation,
        .training, .drift,
    ]

    package init(rawValue: String) {
        self.rawValue = rawValue
    }
}

/// Work for a worker. Each kind has parameters of its own.
package struct Job: Hashable, Sendable {
    package let kind: JobKind
    /// The dataset that it works on, if it works on one.
    package let dataset: Slug?
    /// Parameters as `jobs.parameters` keeps them: a JSON object, its keys sorted.
    package let parameters: String

    package init(kind: JobKind, dataset: Slug?, parameters: String = "{}") {
        self.kind = kind
        self.dataset = dataset
        self.parameters = parameters
    }
}

/// A job that this version cannot read: a newer one queued it, and a newer worker may do it.
package struct UnreadableJob: Error, CustomStringConvertible {
    package let kind: JobKind

    package init(_ kind: JobKind) {
        self.kind = kind
    }

    package var description: String {
        "a job of kind \(kind.rawValue) that this version cannot read: update the worker"
    }
}
