import Domain

/// The checks of all parts of a server.
struct HealthChecks: Sendable {
    /// How long to wait for the checks. An operator's probe waits for a few seconds, rarely more.
    static let patience = Duration.seconds(5)

    let repositories: [any HealthRepository]

    /// The results of all checks, which run at the same time, in the order of the repositories.
    func results() async -> [HealthCheck] {
        await withTaskGroup(of: (Int, [HealthCheck]).self) { group in
            for (index, repository) in repositories.enumerated() {
                group.addTask { (index, await repository.checks()) }
            }
            var checks: [Int: [HealthCheck]] = [:]
            for await (index, found) in group { checks[index] = found }
            return repositories.indices.flatMap { checks[$0] ?? [] }
        }
    }
}

extension [HealthCheck] {
    /// Whether all parts are well on which answers depend.
    var isReady: Bool { allSatisfy { $0.isWell || !$0.isEssential } }

    /// The word `ready`, `degraded` when only parts fail on which no answer depends, or `unready`.
    var word: String { isReady ? allSatisfy(\.isWell) ? "ready" : "degraded" : "unready" }
}
