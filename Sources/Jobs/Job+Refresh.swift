extension JobKind {
    /// Serves what was scored.
    package static let refresh = Self(rawValue: "refresh")
}

extension Job {
    package static let refresh = Self(kind: .refresh, dataset: nil)
}
