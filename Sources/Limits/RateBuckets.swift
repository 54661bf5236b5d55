/// The store of all clients' buckets.
package protocol RateBuckets: Sendable {
    /// Takes `cost` units, 0 or more, from the client's bucket if it holds that many.
    /// - Parameter client: A name that no other client has.
    func take(_ cost: Double, from client: String, _ limit: RateLimit) async -> BucketLevel
}
