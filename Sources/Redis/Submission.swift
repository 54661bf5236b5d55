import NIOCore

/// Commands sent together by one caller, and the replies that have come.
///
/// `@unchecked Sendable`: mutable state is used on the keeper's event loop only.
final class Submission: @unchecked Sendable {
    typealias Answer = [Result<RedisValue, RedisError>]

    let deadline: NIODeadline
    private let expected: Int
    private let finish: @Sendable (_ answered: Bool) -> Void
    private var bytes: ByteBuffer?
    private var replies: Answer = []
    private var answer: ((Answer) -> Void)?
    private var givenUp: RedisError?
    private(set) var isFinished = false

    /// - Parameters:
    ///   - bytes: The encoded commands.
    ///   - expected: How many commands, and therefore replies, there are; at least one.
    ///   - deadline: When the last reply must have come.
    ///   - finish: Called once when no further reply will come, with whether all have come.
    init(
        bytes: ByteBuffer, expected: Int, deadline: NIODeadline, finish: @escaping @Sendable (_ answered: Bool) -> Void
    ) {
        self.bytes = bytes
        self.expected = expected
        self.deadline = deadline
        self.finish = finish
    }

    /// Whether it was neither sent nor finished.
    var isWaiting: Bool { bytes != nil }

    /// Sets the closure that gets the answer.
    func attach(_ answer: @escaping (Answer) -> Void) {
        if let givenUp {
            answer(Array(repeating: .failure(givenUp), count: expected))
        } else {
            self.answer = answer
        }
    }

    /// The bytes to send now; nil if it has been finished or sent.
    func takeBytes() -> ByteBuffer? {
        defer { bytes = nil }
        return bytes
    }

    /// Takes the reply to the first command that has none.
    ///
    /// - Returns: True if it was the last one.
    func receive(_ value: RedisValue) -> Bool {
        if case .error(let message) = value {
            replies.append(.failure(RedisError(.server, message)))
        } else {
            replies.append(.success(value))
        }
        guard replies.count == expected else { return false }
        end(answered: true)
        return true
    }

    /// Fails the commands that have no reply.
    func fail(_ error: RedisError) {
        guard !isFinished else { return }
        replies += Array(repeating: .failure(error), count: expected - replies.count)
        end(answered: false)
    }

    /// Answers the caller, who no longer waits, as cancelled.
    ///
    /// If the commands have been sent, their replies are still awaited, because those of other callers come after them.
    func giveUp() {
        guard !isFinished else { return }
        let error = RedisError(.cancelled, "the task was cancelled while it waited for Redis")
        givenUp = error
        answer?(Array(repeating: .failure(error), count: expected))
        answer = nil
        if isWaiting {
            fail(error)
        }
    }

    private func end(answered: Bool) {
        isFinished = true
        bytes = nil
        finish(answered)
        answer?(replies)
        answer = nil
    }
}
