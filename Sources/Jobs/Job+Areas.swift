package import Domain

extension JobKind {
    /// Counts the events of a dataset by area.
    package static let areas = Self(rawValue: "areas")
}

extension Job {
    /// - Parameter dataset: The dataset; `nil` for all.
    package static func areas(of dataset: Slug? = nil) -> Self { Self(kind: .areas, dataset: dataset) }
}
