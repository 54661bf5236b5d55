import Accounts
import Domain

extension Principal {
    /// The datasets that the principal can see.
    var scope: DatasetScope {
        if let confined { return DatasetScope(.none, named: confined) }
        return role == .admin ? .all : DatasetScope(.open, named: granted)
    }

    /// Whether the principal has the right to counts below the minimum of a dataset that it can see.
    var seesSmallCounts: Bool { role >= .analyst }

    func mayRead(_ status: DatasetStatus) -> Bool {
        mayRead(status.dataset.slug, isPublic: status.dataset.visibility == .public)
    }
}
