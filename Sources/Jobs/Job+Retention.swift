package import Domain

extension JobKind {
    /// Deletes what datasets no longer keep, and refreshes.
    package static let retention = Self(rawValue: "retention")
}

extension Job {
    /// - Parameter dataset: `nil` for all datasets that have a retention.
    package static func retention(of dataset: Slug? = nil) -> Self { Self(kind: .retention, dataset: dataset) }
}
