/// A temporary error of a repository: the store is away, busy or too slow. Every other error is a fault.
package protocol TemporarilyUnavailable: Error {
    /// How long to wait before trying again.
    var retryAfter: Duration { get }
}
