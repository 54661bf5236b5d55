import Connectors
import Domain
import Feeds
import Fetch
import Foundation
import Storage

/// Finds what keeps feeds from being read, without asking their sources.
struct FeedInspection: Sendable {
    struct Fault: Hashable, Sendable, CustomStringConvertible {
        let feed: Slug
        let text: String

        var description: String { "\(feed): \(text)" }
    }

    let feeds: [Feed]
    /// Path of the folder of built-in mappings.
    let mappings: String
    var environment = ProcessInfo.processInfo.environment

    /// Findings about mappings and secrets.
    func faults() -> [Fault] {
        feeds.flatMap { feed -> [Fault] in
            var faults: [Fault] = []
            do {
                _ = try Mapping.load(feed.mapping, builtInDirectory: mappings, places: feed.places)
            } catch {
                faults.append(Fault(feed: feed.name, text: "its mapping cannot be used: \(error)"))
            }
            for secret in feed.secrets where environment["\(Secrets.prefix)\(secret)", default: ""].isEmpty {
                faults.append(
                    Fault(feed: feed.name, text: "the environment variable \(Secrets.prefix)\(secret) is not set"))
            }
            return faults
        }
    }

    /// The feeds whose datasets do not exist and that do not describe them.
    /// - Throws: What ``QueryRunner/query(_:_:)`` throws.
    func datasets(_ store: DatasetStore) async throws -> [Fault] {
        let missing = try await store.missing(of: Set(feeds.map(\.dataset)))
        return feeds.filter { missing.contains($0.dataset) && $0.newDataset == nil }.map { feed in
            Fault(
                feed: feed.name,
                text: "there is no dataset \(feed.dataset): add it with `hextant datasets put`, or describe it in the "
                    + "feed under new_dataset")
        }
    }
}
