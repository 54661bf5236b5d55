import NIOCore

/// What is under way on one connection, and until when it must go on.
///
/// Not Sendable: it lives on its channel's event loop.
final class ConnectionActivity {
    private let limits: ConnectionLimits
    /// Requests whose head has been read and whose answer has not been written to its end.
    private(set) var requests = 0
    private var isBodyAwaited = false
    private var headBegan: NIODeadline?
    /// Of an answer that came before all of its request's body, which is passed over.
    private var answeredEarly: NIODeadline?
    private var unwritableSince: NIODeadline?
    private var last = NIODeadline.now()
    /// Told when the last request has been answered.
    var onIdle: () -> Void = {}

    init(limits: ConnectionLimits) {
        self.limits = limits
    }

    func receivedBytes() {
        last = .now()
        if requests == 0, answeredEarly == nil, headBegan == nil { headBegan = last }
    }

    func receivedHead() {
        requests += 1
        headBegan = nil
        isBodyAwaited = true
    }

    func receivedEnd() {
        isBodyAwaited = false
        answeredEarly = nil
    }

    func answered() {
        last = .now()
        requests -= 1
        if requests == 0, isBodyAwaited { answeredEarly = last }
        if requests == 0 { onIdle() }
    }

    /// A request came and was answered in one go.
    func answeredAtOnce() {
        headBegan = nil
    }

    func writability(_ isWritable: Bool) {
        unwritableSince = isWritable ? nil : unwritableSince ?? .now()
    }

    /// When the client will have been too slow; `nil` while it waits for us.
    var deadline: NIODeadline? {
        if let unwritableSince { return unwritableSince + limits.write }
        if requests > 0 { return isBodyAwaited ? last + limits.idle : nil }
        if let answeredEarly { return answeredEarly + limits.head }
        if let headBegan { return headBegan + limits.head }
        return last + limits.idle
    }
}
