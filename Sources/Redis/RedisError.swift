/// Why Redis gave no usable answer.
///
/// Its descriptions never contain a password.
package struct RedisError: Error, Sendable, CustomStringConvertible {
    package enum Code: String, Sendable {
        /// The URL is malformed, or of a kind that is not supported.
        case invalidURL
        /// The command cannot be sent over a shared connection, or has an argument out of range.
        case invalidCommand
        /// No connection could be made.
        case connectionFailed
        /// The server did not accept the user name or password, or asks for one.
        case authenticationFailed
        /// The server took the connection but refuses to serve it: unknown database, still loading, too many clients.
        case refused
        /// The connection ended before the answer.
        case connectionLost
        /// No answer in time. The command may have been carried out.
        case timeout
        /// Too much is waiting already; nothing was sent.
        case overloaded
        /// Redis has failed repeatedly and is left alone for a while; nothing was sent.
        case circuitOpen
        /// The data is not in the Redis protocol, or an answer that nobody asked for.
        case protocolViolation
        /// The server answered this command with an error; the connection is sound.
        case server
        /// The answer has another type than the command's.
        case unexpectedReply
        /// The calling task was cancelled. The command may have been carried out.
        case cancelled
        /// The client has been shut down.
        case closed
    }

    package let code: Code

    /// Whether the key has a value of another type than the command needs, which somebody else wrote.
    package var isWrongType: Bool { code == .server && message.hasPrefix("WRONGTYPE") }

    /// A plain sentence.
    package let message: String

    /// The error that caused this one, if there is one.
    package let underlying: (any Error)?

    init(_ code: Code, _ message: String, underlying: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.underlying = underlying
    }

    package var description: String {
        underlying.map { "\(message): \($0)" } ?? message
    }
}
