import Accounts
import Breaker
import Caching
import Domain
import Logging
import Synchronization
import Tiles
import Web

/// The datasets that requests need, remembered so that not every request asks the store.
///
/// Each dataset is looked up when it is first needed, so the cost of a request does not depend on how many datasets
/// there are. Only a fixed number of them are remembered.
final class DatasetCatalogue: Sendable {
    /// The key of a remembered look-up.
    private enum Question: Hashable, Sendable {
        /// A dataset for an anonymous client. It is kept apart from `known`, so that the time of an answer does not
        /// reveal whether somebody else uses a hidden dataset.
        case open(Slug)
        /// A dataset for a client with an account.
        case known(Slug)
        /// The default dataset of somebody who names none.
        case usual(DatasetScope)

        init(_ slug: Slug, _ principal: Principal) {
            self = principal.isAnonymous ? .open(slug) : .known(slug)
        }
    }

    /// The store's answer; its status is `nil` when there is no such dataset.
    private struct Answer {
        let status: DatasetStatus?
        let taken: ContinuousClock.Instant
        /// The versions that the answer is valid for, as far as they are known.
        let versions: Versions
        /// A version that differs for every answer that differs from the one before.
        let version: UInt64
    }

    private struct State {
        var answers: Sieve<Question, Answer>
        var lastVersion: UInt64 = 0
    }

    /// The generation of the served view and the version of all rights.
    private struct Versions: Hashable {
        var generation: Int64?
        /// The version of all rights; `nil` while changes could not be heard of, so that no earlier answer is valid.
        let access: Int64?

        func holds(for known: Versions) -> Bool { self == known && access != nil }
    }

    private struct Flight: Hashable {
        let question: Question
        let known: Versions
    }

    /// How many times the maximum age an answer may have while callers that do not wait use it and a newer one is
    /// fetched.
    private static let grace = 5
    /// The longest that a caller waits for an answer.
    private static let patience = Duration.seconds(2)

    private let repository: any DatasetRepository
    private let generation: CurrentGeneration
    private let access: AccessVersion
    private let areas: AreaVersion?
    private let defaultSlug: Slug?
    private let maxAge: Duration
    private let logger: Logger
    private let state: Mutex<State>
    private let outage: Mutex<Outage>
    private let flights = SingleFlight<Flight, Answer>()

    /// - Parameters:
    ///   - access: The version of all rights and descriptions; without accounts it never changes.
    ///   - areas: The version of all areas, on which the meaning of URLs of their tiles depends.
    ///   - defaultSlug: The dataset of requests that name none; by default the one with the most
    ///     events that are served, of those that the client can see.
    ///   - maxAge: The age after which an answer is fetched again. Answers from before the last refresh always are.
    ///   - limit: How many answers are remembered; each takes about a kilobyte.
    ///   - outages: The log of those who lose the same database.
    init(
        _ repository: any DatasetRepository, generation: CurrentGeneration, access: AccessVersion? = nil,
        areas: AreaVersion? = nil, defaultSlug: Slug?, maxAge: Duration, limit: Int = 8192,
        outages: OutageLog? = nil, logger: Logger
    ) {
        self.repository = repository
        self.generation = generation
        self.access = access ?? AccessVersion(0)
        self.areas = areas
        self.defaultSlug = defaultSlug
        self.maxAge = maxAge
        self.logger = logger
        state = Mutex(State(answers: Sieve(limit: limit)))
        outage = Mutex(Outage(shared: outages))
    }

    /// A page of the datasets that a principal can see, by slug, read from the store.
    ///
    /// Like every status from here, each says what the principal may know of its counts.
    func page(for principal: Principal, _ page: PageRequest<DatasetStatus>) async throws -> Page<DatasetStatus> {
        try await repository.datasets(principal.scope, page)
            .mapped { seen($0, by: principal) }
    }

    /// The dataset with a slug, or the default one.
    /// - Throws: ``Problem`` 404 when the principal can see none; a hidden dataset is not distinguished from a missing
    ///   one.
    func dataset(_ slug: Slug?, for principal: Principal = .anonymous) async throws -> DatasetStatus {
        try await find(slug, for: principal).status
    }

    /// The dataset with a slug if the principal can see it.
    func visible(_ slug: Slug, to principal: Principal) async throws -> DatasetStatus? {
        try await answer(.init(slug, principal), for: principal).status.flatMap {
            principal.mayRead($0) ? seen($0, by: principal) : nil
        }
    }

    /// The dataset as in ``dataset(_:for:)``, and the version of the answer, for callers that cache what they derive
    /// from it.
    func find(
        _ slug: Slug?, for principal: Principal
    ) async throws -> (status: DatasetStatus, version: UInt64) {
        guard let slug = slug ?? defaultSlug else {
            let usual = try await answer(.usual(principal.scope), for: principal)
            guard let status = usual.status else { throw Problem.notFound("There is no dataset yet.") }
            return (seen(status, by: principal), usual.version)
        }
        let found = try await answer(.init(slug, principal), for: principal)
        guard let status = found.status, principal.mayRead(status) else {
            var problem = Problem.notFound("There is no dataset \(slug).", field: "dataset")
            problem.isRefusal = found.status != nil
            throw problem
        }
        return (seen(status, by: principal), found.version)
    }

    /// The status with what the principal may know of it. The remembered one is the same for all.
    private func seen(_ status: DatasetStatus, by principal: Principal) -> DatasetStatus {
        status.disclosed(seesSmallCounts: principal.seesSmallCounts)
    }

    /// Whether a remembered path still has the same meaning for an anonymous client.
    func holds(_ entry: TileAddressBook.Entry) -> Bool {
        if let known = entry.areas, known != areas?.value { return false }
        let question = (entry.dataset ?? defaultSlug).map(Question.open) ?? .usual(Principal.anonymous.scope)
        let known = versions
        return state.withLock { state in
            guard let answer = state.answers.value(question), answer.version == entry.version else { return false }
            return answer.versions.holds(for: known) && .now - answer.taken < maxAge
        }
    }

    private var versions: Versions { Versions(generation: generation.value, access: access.value) }

    private func answer(_ question: Question, for principal: Principal) async throws -> Answer {
        let known = versions
        let kept = state.withLock { $0.answers.value(question) }
        guard let kept, kept.versions.holds(for: known) else { return try await newest(question, known, orElse: kept) }
        // A client that just added a dataset or got a grant need not wait until this server has heard of it. The time
        // does not depend on whether a hidden dataset exists.
        if case .known = question, !(kept.status.map(principal.mayRead) ?? false) {
            return try await newest(question, known, orElse: kept)
        }
        let age = ContinuousClock.now - kept.taken
        if age < maxAge { return kept }
        if age < maxAge * Self.grace {
            Task { try await self.newest(question, known, orElse: kept) }
            return kept
        }
        return try await newest(question, known, orElse: kept)
    }

    private func newest(_ question: Question, _ known: Versions, orElse kept: Answer?) async throws -> Answer {
        do {
            let flight = Flight(question: question, known: known)
            return try await flights.value(for: flight, within: Self.patience) {
                try await self.fetch(question, known)
            }.value
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            // While the store is away, cached tiles can still be served with what was known of the dataset, but not
            // after a change of rights was heard of.
            guard let kept, known.access == nil || known.access == kept.versions.access else { throw error }
            _ = outage.withLock {
                $0.failed("the descriptions of datasets cannot be brought up to date", error, logger)
            }
            return keep(kept.status, question, of: known)
        }
    }

    /// - Parameter known: The versions as known before. Versions heard of meanwhile do not count, because the answer
    ///   may be older.
    private func fetch(_ question: Question, _ known: Versions) async throws -> Answer {
        let status =
            switch question {
            case .open(let slug), .known(let slug): try await repository.status(of: slug)
            case .usual(let scope): try await repository.usual(of: scope)
            }
        outage.withLock { $0.succeeded("the descriptions of datasets are up to date again", logger) }
        if let status {
            generation.hear(status.generation, refreshed: status.refreshed, of: status.dataset.slug)
        }
        var versions = known
        versions.generation = [known.generation, status?.generation].compactMap { $0 }.max()
        return keep(status, question, of: versions)
    }

    private func keep(_ status: DatasetStatus?, _ question: Question, of versions: Versions) -> Answer {
        state.withLock { state in
            let before = state.answers.value(question)
            var version = before?.version ?? 0
            if before == nil || before?.status != status {
                state.lastVersion += 1
                version = state.lastVersion
            }
            let answer = Answer(status: status, taken: .now, versions: versions, version: version)
            state.answers.set(question, answer, cost: 1)
            return answer
        }
    }
}
