package import NIOCore

/// A request to a source.
package struct FetchRequest: Sendable {
    package enum Method: String, Sendable {
        case get = "GET"
        /// A form that the source reads like a query. It changes nothing there, so it may be repeated.
        case post = "POST"
    }

    /// The answers that may come from a cache.
    package enum CacheUse: Sendable {
        /// Nothing: every request goes to the source.
        case never
        /// An answer that is young enough, or one that the source confirms; while the source is down the last good one.
        case whileFresh
        /// Only an answer that the source confirms; while it is down the last good one.
        case ifConfirmed
    }

    /// The name of the kind of source, for metrics.
    package var source: String
    package var method = Method.get
    package var url: RequestText
    /// Header fields; their values may be secret. They are not sent to another host that a redirect leads to.
    package var headers: [(name: String, value: RequestText)] = []
    /// The body if the method is POST: a form, already encoded, or whatever a header field `Content-Type` names.
    package var form: String?
    package var cache = CacheUse.never
    /// Statuses besides 200 to 299 that are answers and no errors, such as 304 and 404. They are not repeated, and the
    /// breaker counts them as answers.
    package var accepted: Set<Int> = []
    /// Whether the body of a whole answer is what the source promises. One that is not counts as cut short: it is asked
    /// for again, and not kept.
    package var isSound: (@Sendable (AnswerHead, ByteBuffer) -> Bool)?
    /// How many times it is repeated at most; `nil` for the rule of the fetcher.
    package var retries: Int?

    package var access: SourceAccess

    /// - Parameter access: What the feed allows this request to do.
    package init(_ url: RequestText, source: String, access: SourceAccess) {
        self.url = url
        self.source = source
        self.access = access
    }

    /// The text that two requests share which must get the same answer. It holds no secret.
    var key: String {
        let headers = headers.map { "\($0.name.lowercased()): \($0.value.shown)" }.sorted()
        return ([method.rawValue, url.shown, form ?? ""] + headers).joined(separator: "\n")
    }
}

/// The bounds that a feed sets to its requests.
package struct SourceAccess: Hashable, Sendable {
    /// Hosts that requests and redirects may go to.
    package var hosts: AllowedHosts
    package var pace: PaceLimit
    package var limits: FetchLimits

    package init(hosts: AllowedHosts, pace: PaceLimit = PaceLimit(), limits: FetchLimits = FetchLimits()) {
        self.hosts = hosts
        self.pace = pace
        self.limits = limits
    }
}

/// The bounds of one try.
package struct FetchLimits: Hashable, Sendable {
    /// The time until the status and header fields are there, from the first byte of the connection.
    package var head: Duration
    /// The longest pause between two pieces of the body.
    package var idle: Duration
    /// The time for all of the answer.
    package var whole: Duration
    /// The largest body, in bytes after its transport encoding is removed.
    package var bytes: Int

    package init(
        head: Duration = .seconds(30), idle: Duration = .seconds(30), whole: Duration = .seconds(3600),
        bytes: Int = 8 << 30
    ) {
        self.head = head
        self.idle = idle
        self.whole = whole
        self.bytes = bytes
    }
}
