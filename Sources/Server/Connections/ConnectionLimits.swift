import NIOCore

/// How long a client may take.
struct ConnectionLimits: Sendable {
    /// Between requests, and between two parts of a body.
    let idle: TimeAmount
    /// From the first byte of a request to the end of its head; and from an answer that did not wait for the whole body to
    /// that body's end.
    let head: TimeAmount
    /// Without taking what waits to be sent.
    let write: TimeAmount

    /// How often a connection is looked at.
    var shortest: TimeAmount { min(idle, head, write) }
}
