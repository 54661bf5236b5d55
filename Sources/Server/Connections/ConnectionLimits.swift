import NIOCore

/// The times that a client may take.
struct ConnectionLimits: Sendable {
    /// The time between requests, and between two blocks of a body.
    let idle: TimeAmount
    /// The time from the first byte of a request to the end of its head; also from an answer that came before the end
    /// of the body to that end.
    let head: TimeAmount
    /// The time without taking what waits to be sent.
    let write: TimeAmount

    /// How often a connection is checked.
    var shortest: TimeAmount { min(idle, head, write) }
}
