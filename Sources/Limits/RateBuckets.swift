/// Where the buckets of all clients are.
package protocol RateBuckets: Sendable {
    /// Takes `cost` units, 0 or more, out of the client's bucket, if they are in it.
    /// - Parameter client: A name that no other client has.
    func take(_ cost: Int, from client: String, _ limit: RateLimit) async -> BucketLevel
}
