import Accounts
import Domain
import Hummingbird
import Synchronization
import Web

/// The right that a request needs. It is checked again whenever rights have changed, because a long request may outlive
/// it.
final class RequestRight: Sendable {
    private struct Look {
        let principal: Principal
        /// The version of all rights; `nil` while changes could not be heard of.
        let version: Int64?
        let at = ContinuousClock.now
    }

    private struct State {
        var look: Look
        var rules: [AccessRule]
        var datasets: Set<Slug> = []
    }

    /// How long a check is valid. A session or key may expire without a change that is announced.
    private static let longestHold = Duration.seconds(10)
    /// How long a check is valid while changes could not be heard of.
    private static let shortestHold = Duration.seconds(1)
    /// How long work goes on, counted from the last check, while the store cannot be asked.
    private static let patience = Duration.seconds(20)

    let credential: Requester.Credential?
    private let authenticator: Authenticator
    private let catalogue: DatasetCatalogue
    private let access: AccessVersion
    private let state: Mutex<State>

    /// Looks up the account that sends the request, and checks the rule.
    /// - Throws: ``Problem`` 401 or 403 when the account is not allowed to.
    init(
        of request: Request, _ rule: AccessRule, authenticator: Authenticator, catalogue: DatasetCatalogue,
        access: AccessVersion
    ) async throws {
        self.authenticator = authenticator
        self.catalogue = catalogue
        self.access = access
        // Read before the look-up, so that a change in the meantime makes its result obsolete.
        let version = access.value
        credential = try authenticator.credential(of: request)
        let principal = try await authenticator.principal(of: credential)
        state = Mutex(State(look: Look(principal: principal, version: version), rules: [rule]))
    }

    /// The principal as last looked up.
    var known: Principal { state.withLock { $0.look.principal } }

    /// The principal with its current rights.
    /// - Throws: ``Problem`` 401, 403 or 404 when a right that the request needs has ended.
    func principal() async throws -> Principal {
        try await check()
        return known
    }

    /// Makes the request depend on another rule from now on.
    func need(_ rule: AccessRule) throws(Problem) {
        try rule.admit(known)
        state.withLock { $0.rules.append(rule) }
    }

    /// Makes the request depend on a dataset from now on.
    func need(_ dataset: Slug) { state.withLock { _ = $0.datasets.insert(dataset) } }

    /// Checks that everything the request needs is still allowed. It does next to nothing while no right has changed.
    /// - Throws: ``Problem`` 401, 403 or 404 when something is not allowed any more.
    func check() async throws {
        let version = access.value
        let (look, rules, datasets) = state.withLock { ($0.look, $0.rules, $0.datasets) }
        if Self.holds(look, version) { return }
        let principal = try await authenticator.principal(of: credential)
        for rule in rules { try rule.admit(principal) }
        for dataset in datasets { _ = try await catalogue.dataset(dataset, for: principal) }
        state.withLock { $0.look = Look(principal: principal, version: version) }
    }

    /// Checks the right of work under way: while the store cannot be asked, the work goes on for some time.
    func checkPatiently() async throws {
        do {
            try await check()
        } catch  where !Self.isEnd(error) && age < Self.patience {
            return
        }
    }

    /// Checks the right against the version of rights that the database has now, whatever was heard of it.
    func checkNow() async throws {
        try await authenticator.hearVersion()
        try await check()
    }

    /// Whether the last check is so old that work under way must end.
    var isPastPatience: Bool { age > Self.patience }

    /// Whether the error means that a right has ended, and not that the store could not be asked.
    static func isEnd(_ error: any Error) -> Bool {
        guard let problem = error as? Problem else { return false }
        return [.unauthorized, .forbidden, .notFound].contains(problem.status)
    }

    private var age: Duration { state.withLock { .now - $0.look.at } }

    private static func holds(_ look: Look, _ version: Int64?) -> Bool {
        look.version == version && .now - look.at < (version == nil ? shortestHold : longestHold)
    }
}
