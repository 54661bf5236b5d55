import NIOCore

/// One connection: writes submissions in order and gives every reply to the first one that lacks a reply.
///
/// Redis answers in the order of the commands and does not number the answers. So when a reply is late or broken, no
/// later one can be assigned: the connection ends, and everyone who waits on it fails.
///
/// Not Sendable: it is used only on its channel's event loop.
final class Connection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let configuration: RedisConfiguration
    private let reader: ReplyReader
    private let onEnd: (RedisError?) -> Void
    private var context: ChannelHandlerContext?
    private var inFlight = CircularBuffer<Submission>()
    private var timer: (task: Scheduled<Void>, deadline: NIODeadline)?
    private var isFlushScheduled = false
    private var hasEnded = false

    /// - Parameters:
    ///   - configuration: The limits.
    ///   - onEnd: Called once, before waiting callers are told; with nil if the connection ended normally.
    init(configuration: RedisConfiguration, onEnd: @escaping (RedisError?) -> Void) {
        self.configuration = configuration
        self.onEnd = onEnd
        reader = ReplyReader(maximumReplyBytes: configuration.maximumReplyBytes)
    }

    func send(_ submission: Submission) {
        guard let context, !hasEnded else {
            submission.fail(lost())
            return
        }
        guard let bytes = submission.takeBytes() else { return }
        inFlight.append(submission)
        context.write(wrapOutboundOut(bytes), promise: nil)
        scheduleFlush(context)
        if timer.map({ submission.deadline < $0.deadline }) ?? true {
            scheduleTimer(context, submission.deadline)
        }
    }

    /// Ends the connection.
    ///
    /// - Parameter error: Why everyone who waits fails; nil if nobody waits.
    func end(_ error: RedisError?) {
        guard !hasEnded else { return }
        hasEnded = true
        timer?.task.cancel()
        timer = nil
        context?.close(promise: nil)
        onEnd(error)
        let waiting = inFlight
        inFlight.removeAll()
        for submission in waiting {
            submission.fail(error ?? lost())
        }
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        end(inFlight.isEmpty ? nil : lost())
        self.context = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !hasEnded else { return }
        do throws(RedisError) {
            try reader.feed(unwrapInboundIn(data))
            while let value = try reader.next() {
                guard let first = inFlight.first else {
                    throw RedisError(
                        .protocolViolation, "Redis at \(configuration.address) sent an answer that nobody asked for")
                }
                if first.receive(value) {
                    // The last reply may have ended the connection and cleared the queue.
                    guard !hasEnded else { return }
                    inFlight.removeFirst()
                }
            }
        } catch {
            end(error)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        end(inFlight.isEmpty ? nil : lost())
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        end(lost(error))
    }

    /// Schedules one flush for everything written in one turn of the event loop: one system call for many callers.
    private func scheduleFlush(_ context: ChannelHandlerContext) {
        guard !isFlushScheduled else { return }
        isFlushScheduled = true
        context.eventLoop.assumeIsolated().execute {
            self.isFlushScheduled = false
            self.context?.flush()
        }
    }

    /// Schedules one timer for the connection, because submissions come in the order of their deadlines.
    private func scheduleTimer(_ context: ChannelHandlerContext, _ deadline: NIODeadline) {
        timer?.task.cancel()
        let task = context.eventLoop.assumeIsolated().scheduleTask(deadline: deadline) { self.checkDeadline() }
        timer = (task, deadline)
    }

    private func checkDeadline() {
        timer = nil
        guard let first = inFlight.first, let context else { return }
        guard first.deadline <= .now() else {
            scheduleTimer(context, first.deadline)
            return
        }
        let limit = configuration.commandTimeout
        end(RedisError(.timeout, "Redis at \(configuration.address) did not answer within \(limit)"))
    }

    private func lost(_ underlying: (any Error)? = nil) -> RedisError {
        RedisError(
            .connectionLost, "the connection to Redis at \(configuration.address) was lost", underlying: underlying)
    }
}
