import Accounts
import Breaker
import Logging
import Risk
import Synchronization
import Tiles

/// The datasets, as every request needs them, without asking the store at every request.
final class DatasetCatalogue: Sendable {
    private struct Snapshot {
        let datasets: [DatasetStatus]
        let taken: ContinuousClock.Instant
        /// What the list is of, as far as that is known.
        let versions: Versions
        /// Another one for every list that differs from the one before.
        let edition: UInt64
    }

    /// The version of the view and that of all rights.
    private struct Versions: Hashable {
        var generation: Int64?
        /// `nil` while changes of rights would not be heard of: no list of before holds then.
        let access: Int64?

        func holds(for known: Versions) -> Bool { self == known && access != nil }
    }

    /// How many times its age a list is still used while a newer one is on its way, by those who do not wait for it.
    private static let grace = 5
    /// The longest that anybody waits for a list.
    private static let patience = Duration.seconds(2)

    private let repository: any DatasetRepository
    private let generation: CurrentGeneration
    private let access: AccessVersion
    private let defaultSlug: String?
    private let maxAge: Duration
    private let logger: Logger
    private let snapshot = Mutex<Snapshot?>(nil)
    private let outage = Mutex(Outage())
    private let fetches = SingleFlight<Versions, [DatasetStatus]>()

    /// - Parameters:
    ///   - access: The version of all rights; without accounts it never changes.
    ///   - defaultSlug: The dataset of requests that name none; by default the first public one.
    ///   - maxAge: A list older than this is asked for again; one made before the last refresh of the view always is.
    init(
        _ repository: any DatasetRepository, generation: CurrentGeneration, access: AccessVersion? = nil,
        defaultSlug: String?, maxAge: Duration, logger: Logger
    ) {
        self.repository = repository
        self.generation = generation
        self.access = access ?? AccessVersion(0)
        self.defaultSlug = defaultSlug
        self.maxAge = maxAge
        self.logger = logger
    }

    /// The datasets that somebody may see, by slug.
    func visible(to principal: Principal = .anonymous) async throws -> [DatasetStatus] {
        try await all().filter { principal.mayRead($0.dataset.slug, isPublic: $0.dataset.visibility == .public) }
    }

    /// The dataset of that slug, or the default one.
    /// - Throws: ``Problem`` 404 when there is none that they may see; a private one is not told from none.
    func dataset(_ slug: String?, for principal: Principal = .anonymous) async throws -> DatasetStatus {
        var all = try await all()
        func isThere(_ status: DatasetStatus) -> Bool {
            status.dataset.slug == slug
                && principal.mayRead(status.dataset.slug, isPublic: status.dataset.visibility == .public)
        }
        // Who has just added a dataset, or got a grant, need not wait until this server has heard of it. Whether there is
        // a hidden one makes no difference to the time.
        if slug != nil, !principal.isAnonymous, !all.contains(where: isThere) {
            let known = Versions(generation: generation.value, access: access.value)
            all = try await newest(known, orElse: snapshot.withLock { $0 })
        }
        let visible = all.filter { principal.mayRead($0.dataset.slug, isPublic: $0.dataset.visibility == .public) }
        guard let slug = slug ?? defaultSlug else {
            guard let first = visible.first else { throw Problem.notFound("There is no dataset yet.") }
            return first
        }
        guard let status = visible.first(where: { $0.dataset.slug == slug }) else {
            var problem = Problem.notFound("There is no dataset \(slug).", field: "dataset")
            problem.isRefusal = all.contains { $0.dataset.slug == slug }
            throw problem
        }
        return status
    }

    /// Names the list that everybody is answered from now; `nil` when there is none, or it has to be asked for again.
    var currentEdition: UInt64? {
        let known = Versions(generation: generation.value, access: access.value)
        return snapshot.withLock { snapshot in
            guard let snapshot, snapshot.versions.holds(for: known), .now - snapshot.taken < maxAge else { return nil }
            return snapshot.edition
        }
    }

    private func all() async throws -> [DatasetStatus] {
        let known = Versions(generation: generation.value, access: access.value)
        let snapshot = snapshot.withLock { $0 }
        if let snapshot, snapshot.versions.holds(for: known) {
            let age = ContinuousClock.now - snapshot.taken
            if age < maxAge { return snapshot.datasets }
            if age < maxAge * Self.grace {
                Task { try await self.newest(known, orElse: snapshot) }
                return snapshot.datasets
            }
        }
        return try await newest(known, orElse: snapshot)
    }

    private func newest(_ known: Versions, orElse snapshot: Snapshot?) async throws -> [DatasetStatus] {
        do {
            return try await fetches.value(for: known, within: Self.patience) { try await self.fetch(known) }.value
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            // While the store is away the tiles of a cache can still be served with what was known of the datasets, but
            // not once it is known that a right has changed since.
            guard let snapshot, known.access == nil || known.access == snapshot.versions.access else { throw error }
            _ = outage.withLock { $0.failed("the list of datasets is out of date", error, logger) }
            keep(snapshot.datasets, of: known)
            return snapshot.datasets
        }
    }

    /// - Parameter known: What was known of the versions before. What is heard of meanwhile does not count: the list may
    ///   be older than that.
    private func fetch(_ known: Versions) async throws -> [DatasetStatus] {
        let datasets = try await repository.datasets()
        outage.withLock { $0.succeeded("the list of datasets is up to date again", logger) }
        let newest = datasets.map(\.generation).max()
        if let newest { generation.advance(to: newest) }
        var versions = known
        versions.generation = [known.generation, newest].compactMap { $0 }.max()
        keep(datasets, of: versions)
        return datasets
    }

    private func keep(_ datasets: [DatasetStatus], of versions: Versions) {
        snapshot.withLock { snapshot in
            let edition = snapshot.map { $0.datasets == datasets ? $0.edition : $0.edition + 1 } ?? 0
            snapshot = Snapshot(datasets: datasets, taken: .now, versions: versions, edition: edition)
        }
    }
}
