package import HTTPTypes

/// An answer that reports a problem (RFC 9457).
package struct Problem: Error, Hashable {
    /// The fault of one parameter.
    package struct Field: Hashable, Sendable {
        package let field: String
        package let message: String

        package init(field: String, message: String) {
            self.field = field
            self.message = message
        }
    }

    package let status: HTTPResponse.Status
    /// A sentence for people.
    package let detail: String
    package var errors: [Field] = []
    package var headers = HTTPFields()
    /// Whether the client lacked a right. The audit log records it, the answer does not mention it.
    package var isRefusal = false

    package init(
        status: HTTPResponse.Status, detail: String, errors: [Field] = [], headers: HTTPFields = HTTPFields(),
        isRefusal: Bool = false
    ) {
        self.status = status
        self.detail = detail
        self.errors = errors
        self.headers = headers
        self.isRefusal = isRefusal
    }

    /// The largest size of the detail in bytes. A client that sends more does not get all of it back.
    package static let longestDetail = 2048
    static let longestField = 128
    static let longestMessage = 1024
    /// How many faults are listed. If there are more, the answer only says so.
    static let mostErrors = 16

    package static func badRequest(_ errors: [Field]) -> Self {
        var detail = errors.prefix(mostErrors).map { "\($0.field): \($0.message)." }
        if errors.count > mostErrors { detail.append("There are more faults.") }
        return Self(
            status: .badRequest, detail: detail.joined(separator: " "), errors: Array(errors.prefix(mostErrors)))
    }

    package static func badRequest(_ detail: String) -> Self {
        Self(status: .badRequest, detail: detail)
    }

    package static func notFound(_ detail: String, field: String? = nil) -> Self {
        Self(
            status: .notFound, detail: detail,
            errors: field.map { [Field(field: $0, message: detail)] } ?? [])
    }

    package static func methodNotAllowed(allowed: String) -> Self {
        Self(
            status: .methodNotAllowed, detail: "This path allows only \(allowed).",
            headers: [.allow: allowed])
    }

    /// - Parameter retryAfter: The time to wait, rounded up to whole seconds, at least one.
    package static func unavailable(_ detail: String, retryAfter: Duration) -> Self {
        Self(status: .serviceUnavailable, detail: detail, headers: [.retryAfter: wholeSeconds(retryAfter, least: 1)])
    }

    /// - Parameter retryAfter: The time to wait, rounded up to whole seconds, at least one.
    package static func tooManyRequests(_ detail: String, retryAfter: Duration) -> Self {
        Self(status: .tooManyRequests, detail: detail, headers: [.retryAfter: wholeSeconds(retryAfter, least: 1)])
    }

    /// The duration in whole seconds, rounded up.
    package static func wholeSeconds(_ duration: Duration, least: Int64 = 0) -> String {
        let (seconds, attoseconds) = duration.components
        return String(max(least, attoseconds > 0 ? seconds + 1 : seconds))
    }

    package static let fault = Self(
        status: .internalServerError, detail: "Internal error; the details are in the server's log.")
}
