/// An error of a repository that passes by itself: the store is away, busy or too slow. Everything else is a fault.
package protocol TemporarilyUnavailable: Error {
    /// When to try again.
    var retryAfter: Duration { get }
}
