/// What an account may do; each role may do all that the one before it may.
package enum Role: String, Sendable, CaseIterable, Comparable {
    /// Reads: public datasets, and private ones with a grant.
    case `public`
    /// Also loads events and runs scoring, of the datasets that it sees.
    case analyst
    /// Everything, on every dataset.
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
