import Accounts
import HTTPTypes
import Limits
import Metrics

/// Lets clients in as often as they may come.
struct RateLimiter: Sendable {
    private let limits: RateLimits
    private let shared: any RateBuckets
    private let local: LocalBuckets
    private let refused = Counter(label: "rate_limited_total")

    /// - Parameters:
    ///   - shared: The buckets of requests that all servers count together.
    ///   - local: Those of tiles, which a look at memory may answer: nobody waits for Redis to send one.
    init(_ limits: RateLimits, shared: any RateBuckets, local: LocalBuckets) {
        self.limits = limits
        self.shared = shared
        self.local = local
    }

    /// Takes what a request to a route costs out of its client's bucket.
    /// - Parameter route: The template; without one it is an address that leads nowhere.
    /// - Returns: What the answer has to say of the bucket.
    /// - Throws: ``Problem`` 429 when there is not enough in it.
    func admit(_ context: ClientContext, route: String?) async throws(Problem) -> HTTPFields {
        switch RouteCost.all[route ?? ""] ?? .units(1) {
        case .free: return [:]
        case .tile:
            guard let limit = limits.tiles else { return [:] }
            let level = local.take(1, from: Self.network(context.address), limit)
            return try fields(of: level, limit)
        case .units(let cost):
            let client: String
            let limit: RateLimit?
            if context.principal.isAnonymous {
                client = Self.network(context.address)
                limit = limits.address
            } else {
                client = context.principal.identity.description
                limit = limits.account
            }
            guard let limit else { return [:] }
            return try fields(of: await shared.take(cost, from: client, limit), limit)
        }
    }

    /// Whether one more tile may be sent to an address, without waiting; it is counted if so.
    func admitsTile(to network: String) -> Bool {
        guard let limit = limits.tiles else { return true }
        return local.take(1, from: network, limit).isAdmitted
    }

    /// Whether tiles are counted at all.
    var countsTiles: Bool { limits.tiles != nil }

    /// What the bucket of an address is called.
    static func network(_ address: String?) -> String { address.map(ClientNetwork.name) ?? "local" }

    /// The headers of draft-ietf-httpapi-ratelimit-headers.
    private func fields(of level: BucketLevel, _ limit: RateLimit) throws(Problem) -> HTTPFields {
        let fields: HTTPFields = [
            .rateLimitPolicy: "\"\(limit.name)\";q=\(limit.quota);w=\(limit.window.components.seconds)",
            .rateLimit: "\"\(limit.name)\";r=\(level.remaining);t=\(Problem.wholeSeconds(level.untilFull))",
        ]
        guard level.isAdmitted else {
            refused.increment()
            var problem = Problem.tooManyRequests(
                "These are too many requests in too short a time; wait before the next.", retryAfter: level.retryAfter)
            problem.headers.append(contentsOf: fields)
            throw problem
        }
        return fields
    }
}

extension HTTPField.Name {
    static let rateLimit = Self("RateLimit")!
    static let rateLimitPolicy = Self("RateLimit-Policy")!
}
