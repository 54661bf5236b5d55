/// Why a request brought no answer that can be used.
///
/// The texts name URLs as they are written in feeds, with `${NAME}` in place of what is secret.
package struct FetchError: Error, Hashable, CustomStringConvertible {
    /// The raw value is the label `error` of the metric `feed_errors_total`.
    package enum Code: String, Hashable, Sendable, CaseIterable {
        /// The URL cannot be read, is not https, or has a user name in it.
        case url
        /// The host is not one that the feed names.
        case host
        /// A name leads to an address of a private network, of this machine or of a link.
        case address
        /// The name has no address.
        case resolve
        case connect
        /// The certificate is not one that is trusted for this host.
        case certificate
        case timeout
        case rateLimited = "rate_limited"
        /// The source failed so often that it is left alone for a while.
        case circuitOpen = "circuit_open"
        /// The answer has a status that says that nothing was found, allowed or done.
        case status
        /// The body has more bytes than allowed.
        case tooLarge = "too_large"
        /// The body ended too early, or is not what the source promises.
        case cutShort = "cut_short"
        /// Redirects without an end, or without a target.
        case redirect
        /// An environment variable that the request needs is not set.
        case secret
    }

    package let code: Code
    /// The URL with its secrets replaced by their names.
    package let url: String
    /// The fault, as a sentence without its full stop.
    package let problem: String
    /// The HTTP status, if there was an answer.
    package var status: Int?
    /// The time that the source asks to be left alone.
    package var retryAfter: Duration?
    /// The beginning of the answer's body, 64 KiB at most, with its secrets replaced by their names.
    package var body: String

    package init(
        _ code: Code, url: String, _ problem: String, status: Int? = nil, retryAfter: Duration? = nil, body: String = ""
    ) {
        self.code = code
        self.url = url
        self.problem = problem
        self.status = status
        self.retryAfter = retryAfter
        self.body = body
    }

    /// Whether the same request may succeed at another time, with nothing changed on our side.
    package var isTemporary: Bool {
        switch code {
        case .connect, .timeout, .rateLimited, .circuitOpen, .cutShort, .resolve: true
        case .status: (status ?? 0) >= 500 || status == 202
        case .url, .host, .address, .certificate, .tooLarge, .redirect, .secret: false
        }
    }

    package var description: String { "\(url): \(problem)" }
}
