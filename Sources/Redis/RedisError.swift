/// Why Redis gave no usable answer.
///
/// No description of it ever holds a password.
package struct RedisError: Error, Sendable, CustomStringConvertible {
    package enum Code: String, Sendable {
        /// The address is malformed, or of a kind that is not supported.
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
        /// What came is not the Redis protocol, or an answer that nobody asked for.
        case protocolViolation
        /// The server answered this command with an error; the connection is sound.
        case server
        /// The answer is of another type than the command has.
        case unexpectedReply
        /// The task that asked was cancelled. The command may have been carried out.
        case cancelled
        /// The client has been shut down.
        case closed
    }

    package let code: Code

    /// Whether the key holds another type of value than the command is for: somebody else wrote it.
    package var isWrongType: Bool { code == .server && message.hasPrefix("WRONGTYPE") }

    /// A plain sentence.
    package let message: String

    /// The error below this one, if there is one.
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
