package import Domain
import Foundation

extension JobKind {
    /// Reads a feed.
    package static let fetch = Self(rawValue: "fetch")
    /// Reads all of a feed of expenditures beside what is served, and swaps it in whole.
    package static let renew = Self(rawValue: "renew")
}

extension Job {
    package static func fetch(_ feed: Slug, into dataset: Slug) -> Self {
        // A slug needs no escaping.
        Self(kind: .fetch, dataset: dataset, parameters: #"{"feed":"\#(feed)"}"#)
    }

    package static func renew(_ feed: Slug, into dataset: Slug) -> Self {
        Self(kind: .renew, dataset: dataset, parameters: #"{"feed":"\#(feed)"}"#)
    }

    /// The feed of a job of either kind.
    /// - Throws: ``UnreadableJob`` for parameters of another version.
    package func feed() throws(UnreadableJob) -> Slug {
        guard let parameters = try? JSONDecoder().decode(FetchParameters.self, from: Data(parameters.utf8)),
            let feed = Slug(parameters.feed)
        else { throw UnreadableJob(kind) }
        return feed
    }
}

private struct FetchParameters: Decodable {
    let feed: String
}
