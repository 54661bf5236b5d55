import Connectors
import Fetch
import Foundation
import Postgres
import Redis
import Storage
import Work

/// Parts that a process needs to read feeds.
struct FeedParts: Sendable {
    let work: FeedWork
    private let transport: ClientTransport

    /// - Parameters:
    ///   - authority: Path of a file of certificates that are trusted at sources.
    ///   - redis: Where answers are kept for all processes.
    ///   - folder: Path of a folder for files of rows.
    init(
        _ feeds: [Feed], authority: String?, redis: RedisClient?, ingest: FileIngest, folder: String,
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) {
        transport = ClientTransport(authority: authority)
        let fetcher = Fetcher(
            transport, secrets: Secrets(environment: environment), shared: redis.map { RedisAnswers($0) })
        work = FeedWork(feeds, fetcher: fetcher, ingest: ingest, folder: folder)
    }

    /// Ends the connections to sources.
    func close() async { await transport.close() }
}
