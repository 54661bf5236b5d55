/// The role of an account: what it may do. Each role includes the rights of the one before it.
package enum Role: String, Sendable, CaseIterable, Comparable {
    /// Reads public datasets, and private ones with a grant.
    case `public`
    /// Also reads and ingests events and runs scoring, on the datasets it sees.
    case analyst
    /// May do everything, on every dataset.
    case admin

    package static func < (one: Role, other: Role) -> Bool { one.rank < other.rank }

    private var rank: Int {
        switch self {
        case .public: 0
        case .analyst: 1
        case .admin: 2
        }
    }
}
