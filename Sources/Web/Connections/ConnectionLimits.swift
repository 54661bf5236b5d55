package import NIOCore

/// The times that a client may take.
package struct ConnectionLimits: Sendable {
    /// The time between requests, and between two blocks of a body.
    package let idle: TimeAmount
    /// The time from the first byte of a request to the end of its head; also from an answer that came before the end
    /// of the body to that end.
    package let head: TimeAmount
    /// The time without taking what waits to be sent.
    package let write: TimeAmount

    package init(idle: TimeAmount, head: TimeAmount, write: TimeAmount) {
        self.idle = idle
        self.head = head
        self.write = write
    }

    /// How often a connection is checked.
    var shortest: TimeAmount { min(idle, head, write) }
}
