package import NIOCore

/// The work under way on one connection, and the deadline by which it must go on.
///
/// Not Sendable: it is used only on its channel's event loop.
package final class ConnectionActivity {
    /// Time for what a client sent before it was told to send no more.
    private static let farewell = TimeAmount.seconds(1)
    /// Time for sending what was written to a client that has left or is at fault.
    private static let ending = TimeAmount.milliseconds(400)
    /// Time for a client to close its side after its last answer.
    private static let lingering = TimeAmount.seconds(5)

    private let limits: ConnectionLimits
    /// Requests whose head has been read and whose answer has not been written completely.
    private(set) var requests = 0
    /// How many of these have a body that has not been read completely.
    private var bodies = 0
    /// Whether the TLS handshake is still under way.
    private(set) var isShakingHands: Bool
    /// Whether requests come as streams, which report themselves. Then arriving bytes are not the head of a request.
    var isMultiplexed = false
    /// Whether the client was told to send no more requests.
    private(set) var isDraining = false
    private var headBegan: NIODeadline?
    /// When the connection is closed, whatever is under way.
    private var end: NIODeadline?
    /// When an answer was sent before its request's body had arrived; the rest of the body is ignored.
    private var answeredEarly: NIODeadline?
    private var unwritableSince: NIODeadline?
    private var last = NIODeadline.now()
    /// Called when the last request has been answered.
    private var onIdle: [() -> Void] = []

    /// - Parameter shakesHands: Whether a handshake comes first. A client has as long for it as for the head of a
    ///   request.
    package init(limits: ConnectionLimits, shakesHands: Bool = false) {
        self.limits = limits
        isShakingHands = shakesHands
        if shakesHands { headBegan = last }
    }

    func shookHands() {
        last = .now()
        isShakingHands = false
        headBegan = nil
    }

    func drain() {
        last = .now()
        isDraining = true
    }

    package func whenIdle(_ body: @escaping () -> Void) {
        onIdle.append(body)
    }

    package func receivedBytes() {
        guard !isMultiplexed else {
            // Only frames of streams show that the client wants something.
            if requests > 0 { last = .now() }
            return
        }
        last = .now()
        if requests == 0, answeredEarly == nil, headBegan == nil { headBegan = last }
    }

    /// Whether part of what must come before the next request has come, but not all.
    var isHeadUnderWay: Bool { headBegan != nil }

    /// Reports that something must come before the next request. The time counts from the first call.
    func headGoesOn() {
        if headBegan == nil { headBegan = .now() }
    }

    func headEnded() {
        headBegan = nil
    }

    /// Whether a request has been read to its end and waits for its answer.
    var isAnswering: Bool { requests > 0 && bodies == 0 }

    package func receivedHead() {
        requests += 1
        if !isMultiplexed { headBegan = nil }
        bodies += 1
    }

    package func receivedEnd() {
        bodies -= 1
        answeredEarly = nil
    }

    package func answered() {
        last = .now()
        requests -= 1
        if requests == 0, bodies > 0 { answeredEarly = last }
        guard requests == 0 else { return }
        for tell in onIdle { tell() }
    }

    /// Reports a request that came and was answered at once.
    package func answeredAtOnce() {
        headBegan = nil
    }

    func writability(_ isWritable: Bool) {
        unwritableSince = isWritable ? nil : unwritableSince ?? .now()
    }

    /// Reports that the client has left or is at fault.
    func endNow() {
        end = min(end ?? .distantFuture, .now() + Self.ending)
    }

    /// Reports that the client was told that nothing more will come.
    func endSoon() {
        end = min(end ?? .distantFuture, .now() + Self.lingering)
    }

    /// How long the connection need not be checked.
    package var pause: TimeAmount { isDraining ? Self.farewell : limits.shortest }

    /// When the client will have been too slow; `nil` while it waits for the server.
    package var deadline: NIODeadline? {
        if let end { return end }
        if let unwritableSince { return unwritableSince + limits.write }
        if let headBegan { return headBegan + limits.head }
        if requests > 0 { return bodies > 0 ? last + limits.idle : nil }
        if let answeredEarly { return answeredEarly + limits.head }
        return last + (isDraining ? Self.farewell : limits.idle)
    }
}

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
