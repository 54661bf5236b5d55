import Caching
import Synchronization

/// Buckets of this process alone.
///
/// A bucket is stored as the moment at which it will be full again: one number, and nothing has to be refilled while
/// it is not used. The number of buckets is bounded. Those that were not used lately are forgotten, as if they were
/// full.
package final class LocalBuckets: RateBuckets {
    private struct Name: Hashable {
        let limit: RateLimit
        let client: String
    }

    private let clock: @Sendable () -> Int64
    private let fullAt: Mutex<Sieve<Name, Int64>>

    /// - Parameter capacity: The largest number of buckets; each takes about 200 bytes.
    package convenience init(capacity: Int = 65_536) {
        let start = ContinuousClock.now
        self.init(capacity: capacity) { Int64((ContinuousClock.now - start) / .microseconds(1)) }
    }

    /// - Parameter clock: Microseconds since any fixed moment. It must not go back.
    init(capacity: Int, clock: @escaping @Sendable () -> Int64) {
        self.clock = clock
        fullAt = Mutex(Sieve(limit: capacity))
    }

    package func take(_ cost: Double, from client: String, _ limit: RateLimit) -> BucketLevel {
        let name = Name(limit: limit, client: client)
        let cost = limit.microseconds(of: cost)
        let now = clock()
        return fullAt.withLock { buckets in
            let before = max(buckets.value(name) ?? now, now)
            let after = before + cost
            guard after - now <= limit.windowMicroseconds else {
                return BucketLevel(isAdmitted: false, untilFull: before - now, cost: cost, of: limit)
            }
            buckets.set(name, after, cost: 1)
            return BucketLevel(isAdmitted: true, untilFull: after - now, cost: cost, of: limit)
        }
    }

    /// The number of buckets that are remembered.
    package var count: Int { fullAt.withLock { $0.count } }
}
