/// Why an operation on PostgreSQL failed.
package struct PostgresError: Error, Sendable {
    package enum Code: Hashable, Sendable {
        /// The server could not be reached, or the connection broke.
        case connection
        /// The server refused the statement; `sqlState` says why.
        case server
        /// There was no answer within the caller's time.
        case timeout
        /// The task was cancelled and the statement with it.
        case cancelled
        /// Every connection is in use and too many callers are waiting, or one waited too long.
        case poolExhausted
        /// A value does not have the requested type.
        case decoding
        /// The pool or the connection was closed.
        case closed
    }

    package let code: Code
    /// A sentence that contains neither a parameter's value nor a password.
    package let message: String
    /// The five characters of the SQLSTATE when the server answered.
    package let sqlState: String?
    package let detail: String?
    package let hint: String?
    package let constraint: String?

    package init(
        _ code: Code, _ message: String, sqlState: String? = nil, detail: String? = nil, hint: String? = nil,
        constraint: String? = nil
    ) {
        self.code = code
        self.message = message
        self.sqlState = sqlState
        self.detail = detail
        self.hint = hint
        self.constraint = constraint
    }
}

extension PostgresError: CustomStringConvertible {
    package var description: String {
        let state = sqlState.map { " (SQLSTATE \($0))" } ?? ""
        return "PostgreSQL: \(message)\(state)"
    }
}
