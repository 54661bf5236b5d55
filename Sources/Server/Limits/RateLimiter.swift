import Accounts
import HTTPTypes
import Limits
import Metrics
import Web

/// Limits how often clients may send requests.
struct RateLimiter: Sendable {
    private let limits: RateLimits
    private let shared: any RateBuckets
    private let local: LocalBuckets
    private let refused = Counter(label: "rate_limited_total")

    /// - Parameters:
    ///   - shared: The buckets of requests, which all servers count together.
    ///   - local: The buckets of tiles. A tile from memory must not wait for Redis.
    init(_ limits: RateLimits, shared: any RateBuckets, local: LocalBuckets) {
        self.limits = limits
        self.shared = shared
        self.local = local
    }

    /// Takes the cost of a request from its client's bucket.
    /// - Returns: The header fields that report the state of the bucket.
    /// - Throws: ``Problem`` 429 when the bucket does not hold enough.
    func admit(_ context: ClientContext, _ cost: RequestCost) async throws(Problem) -> HTTPFields {
        switch cost {
        case .free: return [:]
        case .page: return try await admit(context, .units(RequestCost.dearestPage))
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

    /// Whether one more tile may be sent to a network, decided without waiting. If so, it is counted.
    func admitsTile(to network: String) -> Bool {
        guard let limit = limits.tiles else { return true }
        return local.take(1, from: network, limit).isAdmitted
    }

    /// Whether tiles are counted at all.
    var countsTiles: Bool { limits.tiles != nil }

    /// The name of the bucket of a client address.
    static func network(_ address: String?) -> String { address.map(ClientNetwork.name) ?? "local" }

    /// The header fields of draft-ietf-httpapi-ratelimit-headers.
    private func fields(of level: BucketLevel, _ limit: RateLimit) throws(Problem) -> HTTPFields {
        let fields: HTTPFields = [
            .rateLimitPolicy: "\"\(limit.name)\";q=\(limit.quota);w=\(limit.window.components.seconds)",
            .rateLimit: "\"\(limit.name)\";r=\(level.remaining);t=\(Problem.wholeSeconds(level.untilFull))",
        ]
        guard level.isAdmitted else {
            refused.increment()
            var problem = Problem.tooManyRequests(
                "Rate limit exceeded; retry in \(Problem.wholeSeconds(level.retryAfter, least: 1)) s.",
                retryAfter: level.retryAfter)
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
