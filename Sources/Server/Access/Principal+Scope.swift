import Accounts
import Domain

extension Principal {
    /// The datasets that the principal can see.
    var scope: DatasetScope {
        if let confined { return DatasetScope(.none, named: confined) }
        return role == .admin ? .all : DatasetScope(.open, named: granted)
    }

    func mayRead(_ status: DatasetStatus) -> Bool {
        mayRead(status.dataset.slug, isPublic: status.dataset.visibility == .public)
    }
}
