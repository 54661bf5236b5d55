import Accounts
import Hummingbird
import Risk
import Synchronization

/// The rights that a request needs, looked at again whenever rights have changed: a long request may outlive them.
final class RequestRight: Sendable {
    private struct Look {
        let principal: Principal
        /// Version of all rights; `nil` while changes of them would not be heard of.
        let version: Int64?
        let at = ContinuousClock.now
    }

    private struct State {
        var look: Look
        var rules: [AccessRule]
        var datasets: Set<String> = []
    }

    /// A session or key may run out without a change that is heard of.
    private static let longestHold = Duration.seconds(10)
    /// How long a look holds while changes would not be heard of.
    private static let shortestHold = Duration.seconds(1)
    /// How long what is under way goes on while nobody can be asked, from the last look on.
    private static let patience = Duration.seconds(20)

    let credential: Requester.Credential?
    private let authenticator: Authenticator
    private let catalogue: DatasetCatalogue
    private let access: AccessVersion
    private let state: Mutex<State>

    /// Asks who sends the request, and whether they may.
    /// - Throws: ``Problem`` 401 or 403 when they may not.
    init(
        of request: Request, _ rule: AccessRule, authenticator: Authenticator, catalogue: DatasetCatalogue,
        access: AccessVersion
    ) async throws {
        self.authenticator = authenticator
        self.catalogue = catalogue
        self.access = access
        // Taken before the look-up: a change that comes meanwhile makes what was found old at once.
        let version = access.value
        credential = try authenticator.credential(of: request)
        let principal = try await authenticator.principal(of: credential)
        state = Mutex(State(look: Look(principal: principal, version: version), rules: [rule]))
    }

    /// The principal as last looked up.
    var known: Principal { state.withLock { $0.look.principal } }

    /// The principal with the rights of now.
    /// - Throws: ``Problem`` 401, 403 or 404 when a right has ended that the request needs.
    func principal() async throws -> Principal {
        try await check()
        return known
    }

    /// Has the request need another rule from now on.
    func need(_ rule: AccessRule) throws(Problem) {
        try rule.admit(known)
        state.withLock { $0.rules.append(rule) }
    }

    /// Has the request need the dataset from now on.
    func need(_ dataset: String) { state.withLock { _ = $0.datasets.insert(dataset) } }

    /// Makes sure that everything which the request needs is still allowed; does next to nothing while no right has
    /// changed.
    /// - Throws: ``Problem`` 401, 403 or 404 when it is not.
    func check() async throws {
        let version = access.value
        let (look, rules, datasets) = state.withLock { ($0.look, $0.rules, $0.datasets) }
        if Self.holds(look, version) { return }
        let principal = try await authenticator.principal(of: credential)
        for rule in rules { try rule.admit(principal) }
        for dataset in datasets { _ = try await catalogue.dataset(dataset, for: principal) }
        state.withLock { $0.look = Look(principal: principal, version: version) }
    }

    /// The same for what is under way: while it cannot be told it goes on for some time.
    func checkPatiently() async throws {
        do {
            try await check()
        } catch  where !Self.isEnd(error) && age < Self.patience {
            return
        }
    }

    /// Makes sure by the version of rights that the database has now, whatever was heard of it.
    func checkNow() async throws {
        try await authenticator.hearVersion()
        try await check()
    }

    /// Whether the request may have been allowed all the time, as far as can be told without asking.
    var isPastPatience: Bool { age > Self.patience }

    /// Whether the error tells that a right has ended, and not that nobody could tell.
    static func isEnd(_ error: any Error) -> Bool {
        guard let problem = error as? Problem else { return false }
        return [.unauthorized, .forbidden, .notFound].contains(problem.status)
    }

    private var age: Duration { state.withLock { .now - $0.look.at } }

    private static func holds(_ look: Look, _ version: Int64?) -> Bool {
        look.version == version && .now - look.at < (version == nil ? shortestHold : longestHold)
    }
}
