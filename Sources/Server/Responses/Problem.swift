package import HTTPTypes

/// An answer other than the one asked for, as problem details (RFC 9457).
package struct Problem: Error, Hashable {
    /// What is wrong with one parameter.
    package struct Field: Hashable, Sendable {
        package let field: String
        package let message: String
    }

    package let status: HTTPResponse.Status
    /// A plain sentence for people.
    package let detail: String
    package var errors: [Field] = []
    package var headers = HTTPFields()
    /// Whether somebody asked for what they have no right to; the audit log tells of it, the answer does not.
    package var isRefusal = false

    /// In bytes, as they are sent: who sends more than that does not get it all back.
    static let longestDetail = 2048
    static let longestField = 128
    static let longestMessage = 1024
    /// Faults that are listed; of more, only that there are more is told.
    static let mostErrors = 16

    static func badRequest(_ errors: [Field]) -> Self {
        var detail = errors.prefix(mostErrors).map { "\($0.field): \($0.message)." }
        if errors.count > mostErrors { detail.append("There are more faults.") }
        return Self(
            status: .badRequest, detail: detail.joined(separator: " "), errors: Array(errors.prefix(mostErrors)))
    }

    static func badRequest(_ detail: String) -> Self {
        Self(status: .badRequest, detail: detail)
    }

    static func notFound(_ detail: String, field: String? = nil) -> Self {
        Self(
            status: .notFound, detail: detail,
            errors: field.map { [Field(field: $0, message: detail)] } ?? [])
    }

    static func methodNotAllowed(allowed: String) -> Self {
        Self(
            status: .methodNotAllowed, detail: "This address answers to \(allowed) only.",
            headers: [.allow: allowed])
    }

    /// - Parameter retryAfter: Rounded up to whole seconds, at least one.
    static func unavailable(_ detail: String, retryAfter: Duration) -> Self {
        Self(status: .serviceUnavailable, detail: detail, headers: [.retryAfter: wholeSeconds(retryAfter, least: 1)])
    }

    /// - Parameter retryAfter: Rounded up to whole seconds, at least one.
    static func tooManyRequests(_ detail: String, retryAfter: Duration) -> Self {
        Self(status: .tooManyRequests, detail: detail, headers: [.retryAfter: wholeSeconds(retryAfter, least: 1)])
    }

    /// Rounded up.
    static func wholeSeconds(_ duration: Duration, least: Int64 = 0) -> String {
        let (seconds, attoseconds) = duration.components
        return String(max(least, attoseconds > 0 ? seconds + 1 : seconds))
    }

    static let fault = Self(
        status: .internalServerError, detail: "The server could not answer; the fault is in its log.")
}
