import NIOCore

/// What is under way on one connection, and until when it must go on.
///
/// Not Sendable: it lives on its channel's event loop.
final class ConnectionActivity {
    /// For what a client sent before it heard that it should send no more.
    private static let farewell = TimeAmount.seconds(1)
    /// For what was written to a client that has left or is at fault.
    private static let ending = TimeAmount.milliseconds(400)
    /// For a client to close its side after its last answer.
    private static let lingering = TimeAmount.seconds(5)

    private let limits: ConnectionLimits
    /// Requests whose head has been read and whose answer has not been written to its end.
    private(set) var requests = 0
    /// Of these, those whose body has not been read to its end.
    private var bodies = 0
    /// Whether the two ends still agree on how to encrypt.
    private(set) var isShakingHands: Bool
    /// Whether requests come as streams that tell of themselves: bytes that arrive are not the head of one then.
    var isMultiplexed = false
    /// Whether the client was told to send no more requests.
    private(set) var isDraining = false
    private var headBegan: NIODeadline?
    /// When the connection is closed, whatever is under way.
    private var end: NIODeadline?
    /// Of an answer that came before all of its request's body, which is passed over.
    private var answeredEarly: NIODeadline?
    private var unwritableSince: NIODeadline?
    private var last = NIODeadline.now()
    /// Told when the last request has been answered.
    private var onIdle: [() -> Void] = []

    /// - Parameter shakesHands: Whether a handshake comes first, for which a client has as long as for a head.
    init(limits: ConnectionLimits, shakesHands: Bool = false) {
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

    func whenIdle(_ body: @escaping () -> Void) {
        onIdle.append(body)
    }

    func receivedBytes() {
        guard !isMultiplexed else {
            // Only frames of streams show that a client wants something.
            if requests > 0 { last = .now() }
            return
        }
        last = .now()
        if requests == 0, answeredEarly == nil, headBegan == nil { headBegan = last }
    }

    /// Whether some of what must come before the next request has come, and not all.
    var isHeadUnderWay: Bool { headBegan != nil }

    /// Tells that something must come before the next request. The time counts from the first call.
    func headGoesOn() {
        if headBegan == nil { headBegan = .now() }
    }

    func headEnded() {
        headBegan = nil
    }

    /// Whether a request has been read to its end and waits for its answer.
    var isAnswering: Bool { requests > 0 && bodies == 0 }

    func receivedHead() {
        requests += 1
        if !isMultiplexed { headBegan = nil }
        bodies += 1
    }

    func receivedEnd() {
        bodies -= 1
        answeredEarly = nil
    }

    func answered() {
        last = .now()
        requests -= 1
        if requests == 0, bodies > 0 { answeredEarly = last }
        guard requests == 0 else { return }
        for tell in onIdle { tell() }
    }

    /// A request came and was answered in one go.
    func answeredAtOnce() {
        headBegan = nil
    }

    func writability(_ isWritable: Bool) {
        unwritableSince = isWritable ? nil : unwritableSince ?? .now()
    }

    /// The client has left or is at fault.
    func endNow() {
        end = min(end ?? .distantFuture, .now() + Self.ending)
    }

    /// The client has been told that nothing more comes.
    func endSoon() {
        end = min(end ?? .distantFuture, .now() + Self.lingering)
    }

    /// How long nobody need look at the connection.
    var pause: TimeAmount { isDraining ? Self.farewell : limits.shortest }

    /// When the client will have been too slow; `nil` while it waits for us.
    var deadline: NIODeadline? {
        if let end { return end }
        if let unwritableSince { return unwritableSince + limits.write }
        if let headBegan { return headBegan + limits.head }
        if requests > 0 { return bodies > 0 ? last + limits.idle : nil }
        if let answeredEarly { return answeredEarly + limits.head }
        return last + (isDraining ? Self.farewell : limits.idle)
    }
}
