import Domain

/// The state of each service of an installation, from the checks of its parts and from what the database knows.
struct ServiceReport: Sendable {
    /// How a service is.
    enum State: String, CaseIterable {
        case well
        /// It works, but somebody should look.
        case degraded
        case failing
        /// This server is set up without it.
        case off
        /// The database does not answer, which knows it.
        case unknown
    }

    struct Service {
        let name: String
        let state: State
        /// A sentence without secrets.
        let detail: String
    }

    /// How long a job that is due may wait before workers are called too few.
    static let longestWait = Duration.seconds(15 * 60)
    /// The population stability index above which data are not what a model learned from.
    static let mostDrift = 0.25

    let checks: [HealthCheck]
    /// Nothing while the database does not answer.
    let status: SystemStatus?
    let feeds: [FeedStatus]?
    let hasFeeds: Bool
    let now: Instant

    var services: [Service] {
        [
            Service(name: "server", state: .well, detail: "answers"),
            part("database", of: ["postgresql", "schema"], isThere: true),
            part("cache", of: ["redis"], isThere: checks.contains { $0.part == "redis" }),
            part("view", of: ["view"], isThere: true), jobs, feedService, models,
        ]
    }

    /// Seconds since an instant.
    func age(_ instant: Instant) -> Double { max(0, (now - instant).inSeconds) }

    /// A feed's newest run may have failed, or parts of it.
    static func state(of feed: FeedStatus) -> State {
        guard let run = feed.record.lastRun else { return .well }
        return run.state == .failed ? .failing : run.failures.isEmpty ? .well : .degraded
    }

    static func state(of model: SystemStatus.Model) -> State {
        (model.drift ?? 0) > mostDrift ? .degraded : .well
    }

    private func part(_ name: String, of parts: [String], isThere: Bool) -> Service {
        guard isThere else { return Service(name: name, state: .off, detail: "not set up") }
        let found = checks.filter { parts.contains($0.part) }
        guard !found.isEmpty else {
            return Service(name: name, state: .unknown, detail: "the database does not answer")
        }
        let failing = found.filter { !$0.isWell }
        let state: State = failing.isEmpty ? .well : failing.contains(where: \.isEssential) ? .failing : .degraded
        return Service(
            name: name, state: state, detail: (failing.isEmpty ? found : failing).map(\.detail).joined(separator: "; "))
    }

    private var jobs: Service {
        guard let status else { return Service(name: "jobs", state: .unknown, detail: "the database does not answer") }
        let waiting = status.queues.reduce(0) { $0 + $1.waiting }
        let running = status.queues.reduce(0) { $0 + $1.running }
        let longest = status.queues.map(\.longestWait).max() ?? .zero
        return Service(
            name: "jobs", state: longest > Self.longestWait ? .degraded : .well,
            detail: "\(waiting) waiting, \(running) running")
    }

    private var feedService: Service {
        guard hasFeeds, feeds?.isEmpty != true else {
            return Service(name: "feeds", state: .off, detail: "no feeds")
        }
        guard let feeds else {
            return Service(name: "feeds", state: .unknown, detail: "the database does not answer")
        }
        let ill = feeds.filter { Self.state(of: $0) != .well }.count
        return Service(
            name: "feeds", state: ill == 0 ? .well : .degraded, detail: "\(ill) of \(feeds.count) feeds failed last")
    }

    private var models: Service {
        guard let status else {
            return Service(name: "models", state: .unknown, detail: "the database does not answer")
        }
        guard !status.models.isEmpty else { return Service(name: "models", state: .off, detail: "no active models") }
        let moved = status.models.filter { Self.state(of: $0) != .well }.count
        return Service(
            name: "models", state: moved == 0 ? .well : .degraded,
            detail: "\(moved) of \(status.models.count) models have data that moved away")
    }
}
