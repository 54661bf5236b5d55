package import Connectors
package import Domain
package import Jobs
package import Storage

/// The feeds of a server, for its API.
package struct ServedFeeds: FeedRepository {
    private let feeds: [Slug: Feed]
    private let readers: any QueryRunner
    private let writers: any QueryRunner
    private let sql: SQLFiles

    package init(_ feeds: [Feed], readers: any QueryRunner, writers: any QueryRunner, sql: SQLFiles) {
        self.feeds = Dictionary(feeds.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        self.readers = readers
        self.writers = writers
        self.sql = sql
    }

    /// - Throws: What ``QueryRunner/query(_:_:)`` throws.
    package func feeds() async throws -> [FeedStatus] { try await status(of: Array(feeds.values)) }

    /// - Throws: What ``QueryRunner/query(_:_:)`` throws.
    package func feed(_ name: Slug) async throws -> FeedStatus? {
        guard let feed = feeds[name] else { return nil }
        return try await status(of: [feed]).first
    }

    /// - Throws: What ``QueryRunner/query(_:_:)`` throws.
    package func checkpoints(
        of feed: Slug, _ page: PageRequest<FeedCheckpointRecord>
    ) async throws -> Page<FeedCheckpointRecord> {
        guard let feed = feeds[feed] else { return Page([], of: page) }
        return try await FeedRecords(readers, sql: sql).checkpoints(of: feed.name, in: feed.dataset, page)
    }

    /// - Throws: ``FeedRefusal``, `StorageError`; what ``QueryRunner/query(_:_:)`` throws.
    package func prepare(_ name: Slug) async throws {
        try await FeedDatasets(writers, sql: sql).prepare(try known(name))
    }

    /// - Throws: ``FeedRefusal``, ``RunKeyTaken``, `StorageError`; what ``QueryRunner/query(_:_:)`` throws.
    package func run(_ name: Slug, by requester: Requester?, key: String?) async throws -> AnalyticsRun {
        let feed = try known(name)
        return try await RunStore(readers, writers: writers, sql: sql)
            .fetch(feed.name, into: feed.dataset, by: requester, key: key)
    }

    /// - Throws: ``FeedRefusal``, ``RunKeyTaken``, `StorageError`; what ``QueryRunner/query(_:_:)`` throws.
    package func renew(_ name: Slug, by requester: Requester?, key: String?) async throws -> AnalyticsRun {
        let feed = try known(name)
        return try await RunStore(readers, writers: writers, sql: sql)
            .renew(feed.name, into: feed.dataset, by: requester, key: key)
    }

    private func known(_ name: Slug) throws -> Feed {
        guard let feed = feeds[name] else { throw FeedRefusal("there is no feed \(name)") }
        return feed
    }

    private func status(of feeds: [Feed]) async throws -> [FeedStatus] {
        let records = try await FeedRecords(readers, sql: sql).status(of: feeds.map { ($0.name, $0.dataset) })
        return records.compactMap { record in self.feeds[record.feed].map { FeedStatus($0, record) } }
    }
}

extension FeedStatus {
    /// Description of a feed from its file, with its state.
    package init(_ feed: Feed, _ record: FeedRecord) {
        self.init(
            name: feed.name, source: feed.kind, dataset: feed.dataset, mapping: feed.mapping,
            next: feed.schedule?.next(after: .now), record: record)
    }
}

extension Feed {
    /// The schedule by which servers and workers read the feed; `nil` for one that is read on request.
    package var jobSchedule: JobSchedule? {
        schedule.map {
            JobSchedule(name: "feed \(name)", cron: $0, job: .fetch(name, into: dataset), feed: name)
        }
    }
}
