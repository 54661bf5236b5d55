/// The choices of a client, with the limits that the site is owed as defaults.
///
/// ```swift
/// var configuration = NYCConfiguration()
/// configuration.appToken = ProcessInfo.processInfo.environment["NYC_TOKEN"]
/// configuration.redisURL = "redis://localhost:6379"
/// let client = try NYCOpenDataClient(configuration)
/// ```
public struct NYCConfiguration: Hashable, Sendable {
    /// The token of an application, sent as `X-App-Token`. Without one, all who use the same address share a limit.
    /// It is in no error, log or cache.
    public var appToken: String?
    /// The site: `https://`, its host, and a path if there is one.
    public var site = "https://data.cityofnewyork.us"
    /// Requests that may be under way at a time, and connections to the site; 1 to 1,000.
    public var connections = 50
    /// The time for the beginning of an answer, and the longest pause within it.
    public var timeout = Duration.seconds(30)
    /// How often a request is repeated after a failure, after pauses of up to 1, 2, 4, 8 and then 10 seconds.
    public var retries = 3
    /// Requests in each minute on average, and at once after a pause.
    public var requestsPerMinute = 1000
    /// Failures in a row after which the site is left alone.
    public var failuresToOpen = 5
    /// How long it is left alone then.
    public var openTime = Duration.seconds(60)
    /// How long an answer in memory is given without asking the site.
    public var memoryTime = Duration.seconds(300)
    /// The size of the memory for answers, in bytes.
    public var memoryBytes = 64 << 20
    /// The URL of a Redis server in which processes share answers; `nil` for none.
    public var redisURL: String?
    /// How long an answer in Redis is given without asking the site.
    public var redisTime = Duration.seconds(3600)
    /// How long the last good answer stands in while the site is down.
    public var staleTime = Duration.seconds(86_400)
    /// The most rows of one property in one dataset; more are an error, never a part.
    public var mostRows = 50_000
    /// The path of a file with certificates (PEM) that are trusted besides those of the system.
    public var certificates: String?
    /// Whether the site may be in a private network or on this machine.
    public var allowsPrivateAddresses = false

    /// The defaults.
    public init() {}
}

extension NYCConfiguration: CustomStringConvertible, CustomReflectable {
    /// The site alone, since the rest may hold secrets.
    public var description: String { "NYCConfiguration(\(site))" }

    /// The site alone, since the rest may hold secrets.
    public var customMirror: Mirror { Mirror(self, children: ["site": site]) }
}
