import Breaker
import Domain
package import Fetch
import Foundation
package import Metrics
import NIOCore
import Redis

/// A client of New York's open data for single properties.
///
/// Answers come from a cache while they are young, equal requests at the same time are one, failures are repeated, a
/// site that keeps failing is left alone, and while it is down the last good answers are given, marked as stale.
/// Requests go to the configured site alone, by https.
///
/// ```swift
/// let client = try NYCOpenDataClient()
/// let violations = try await client.getDOBViolations(BBL("1007900009"))
/// print(violations.rows.count, "violations of the building code")
/// await client.close()
/// ```
public final class NYCOpenDataClient: Sendable {
    /// Rows in a page. The site gives as many to anybody, so a shorter page is the last one.
    static let pageRows = 1000
    private static let tokenName = "APP_TOKEN"

    let configuration: NYCConfiguration
    let fetcher: Fetcher
    let redis: RedisClient?
    private let access: SourceAccess
    private let token: RequestText?
    private let end: @Sendable () async -> Void

    /// Makes a client. Nothing is asked for before the first request.
    ///
    /// - Throws: ``NYCDataError``: `source` with the kind `configuration` for a site that is no https URL or numbers
    ///   out of range, and `cache` for a URL that is not one of Redis.
    public convenience init(_ configuration: NYCConfiguration = NYCConfiguration()) throws(NYCDataError) {
        try Self.check(configuration)
        let transport = ClientTransport(connections: configuration.connections, authority: configuration.certificates)
        try self.init(configuration, transport, end: { await transport.close() })
    }

    /// - Parameter end: Ends what the transport holds.
    package init(
        _ configuration: NYCConfiguration, _ transport: any Transport, resolver: any HostResolver = SystemResolver(),
        clock: any FetchClock = SystemClock(), jitter: @escaping @Sendable () -> Double = { .random(in: 0...1) },
        metrics: any MetricsFactory = MetricsSystem.factory, end: @escaping @Sendable () async -> Void = {}
    ) throws(NYCDataError) {
        let host = try Self.check(configuration)
        self.configuration = configuration
        var rule = RetryRule()
        rule.retries = configuration.retries
        var breaker = Fetcher.breaker
        breaker.failuresToOpen = configuration.failuresToOpen
        breaker.backOff = BackOff(first: configuration.openTime, longest: configuration.openTime)
        var cache = CachePolicy()
        cache.memoryBytes = configuration.memoryBytes
        cache.fresh = configuration.memoryTime
        cache.sharedFresh = configuration.redisTime
        cache.stale = configuration.staleTime
        let secrets = Secrets(
            environment: configuration.appToken.map { ["\(Secrets.prefix)\(Self.tokenName)": $0] } ?? [:])
        do {
            token = try configuration.appToken.map { _ in try secrets.fill("${\(Self.tokenName)}") }
        } catch {
            throw .failure(.configuration, nil, "the token is empty or has characters that cannot be sent")
        }
        do {
            redis = try configuration.redisURL.map { try RedisClient(url: $0) }
        } catch {
            throw NYCDataError(error, nil) ?? .failure(.configuration, nil, "\(error)")
        }
        fetcher = Fetcher(
            transport, secrets: secrets, resolver: resolver, clock: clock, rule: rule, breaker: breaker,
            requests: configuration.connections, cache: cache, shared: redis.map { RedisAnswers($0) }, jitter: jitter,
            metrics: metrics)
        access = SourceAccess(
            hosts: AllowedHosts([host], allowPrivate: configuration.allowsPrivateAddresses),
            pace: PaceLimit(requests: configuration.requestsPerMinute, window: .seconds(60)),
            limits: FetchLimits(head: configuration.timeout, idle: configuration.timeout, whole: .seconds(600)))
        self.end = end
    }

    /// Ends all connections. Requests under way fail. To be called when the client is no longer needed.
    public func close() async {
        await end()
        await redis?.close()
    }

    /// The violations of the building code at a property.
    ///
    /// ```swift
    /// let open = try await client.getDOBViolations(BBL("1007900009")).rows.filter(\.isOpen)
    /// ```
    /// - Throws: ``NYCDataError``, and `CancellationError`.
    public func getDOBViolations(_ bbl: BBL) async throws -> NYCAnswer<DOBViolation> {
        try await rows(of: .dobViolations, bbl)
    }

    /// The violations of the housing code at a property.
    ///
    /// ```swift
    /// let urgent = try await client.getHPDViolations(BBL("1007900009")).rows.filter { $0.hazard == .immediate }
    /// ```
    /// - Throws: ``NYCDataError``, and `CancellationError`.
    public func getHPDViolations(_ bbl: BBL) async throws -> NYCAnswer<HPDViolation> {
        try await rows(of: .hpdViolations, bbl)
    }

    /// The service requests to 311 about a property on the last days.
    ///
    /// ```swift
    /// let recent = try await client.get311Complaints(BBL("3022320009"), days: 30)
    /// let october = try await client.get311Complaints(BBL("3022320009"), days: 31, asOf: CityDay("2022-10-31")!)
    /// ```
    /// - Parameters:
    ///   - days: How many days, 1 to 36,500. Days before that are taken as that many.
    ///   - asOf: The last of them, in New York; `nil` for the present one. With the same day the same is asked for
    ///     whenever it is asked, apart from what the city changes afterwards.
    /// - Throws: ``NYCDataError``, and `CancellationError`.
    public func get311Complaints(
        _ bbl: BBL, days: Int = 365, asOf: CityDay? = nil
    ) async throws -> NYCAnswer<Complaint311> {
        let last = asOf ?? today
        let first = last.advanced(by: 1 - max(1, min(36_500, days)))
        let period =
            "created_date >= '\(first)T00:00:00' AND created_date < '\(last.advanced(by: 1))T00:00:00'"
        return try await rows(of: .complaints311, bbl, period)
    }

    /// The building permits of a property.
    ///
    /// ```swift
    /// let newest = try await client.getPermits(BBL("1007900009")).rows.first
    /// ```
    /// - Parameter system: The system of the Department of Buildings, each of which has its own permits.
    /// - Throws: ``NYCDataError``, and `CancellationError`.
    public func getPermits(_ bbl: BBL, from system: Permit.System = .dobNow) async throws -> NYCAnswer<Permit> {
        try await rows(of: system.source, bbl)
    }

    /// The day in New York by the fetcher's clock.
    var today: CityDay { CityDay(Date(timeIntervalSince1970: Double(fetcher.date.seconds))) }

    /// - Returns: The host of the site, with its port where that is not 443.
    @discardableResult
    private static func check(_ configuration: NYCConfiguration) throws(NYCDataError) -> String {
        guard let url = URL(string: configuration.site), url.scheme == "https", let host = url.host, !host.isEmpty,
            url.query == nil, url.fragment == nil, url.user == nil
        else {
            throw .failure(.configuration, nil, "site must be https:// with a host, such as \(NYCConfiguration().site)")
        }
        let ranges: [(name: String, value: Int, range: ClosedRange<Int>)] = [
            ("connections", configuration.connections, 1...1000), ("retries", configuration.retries, 0...20),
            ("requestsPerMinute", configuration.requestsPerMinute, 1...1_000_000),
            ("failuresToOpen", configuration.failuresToOpen, 1...1_000_000),
            ("memoryBytes", configuration.memoryBytes, 0...(1 << 40)),
            ("mostRows", configuration.mostRows, 1...10_000_000),
        ]
        for (name, value, range) in ranges where !range.contains(value) {
            throw .failure(.configuration, nil, "\(name) must be \(range.lowerBound) to \(range.upperBound)")
        }
        let times: [(name: String, value: Duration)] = [
            ("timeout", configuration.timeout), ("openTime", configuration.openTime),
        ]
        for (name, value) in times where value < .milliseconds(1) || value > .seconds(86_400) {
            throw .failure(.configuration, nil, "\(name) must be a millisecond to a day")
        }
        let name = host.contains(":") && !host.hasPrefix("[") ? "[\(host)]" : host
        return url.port.map { "\(name):\($0)" } ?? name
    }
}

extension NYCOpenDataClient {
    /// All rows of a property in a dataset, page by page.
    func rows<Row: NYCRow>(
        of source: NYCSource, _ bbl: BBL, _ further: String? = nil
    ) async throws -> NYCAnswer<Row> {
        do {
            var condition = source.condition(bbl)
            if let further { condition += " AND \(further)" }
            var rows: [Row] = []
            var ids: Set<String> = []
            var ends: Set<String> = []
            var origin = NYCOrigin.source
            var retrieved: Instant?
            var after: String?
            while true {
                let (page, answer) = try await page(source, condition, after: after)
                // A row that changed while pages were read may come twice.
                for row in page.rows.compactMap({ Row($0.filter { !$0.key.hasPrefix(":") }) })
                where ids.insert(row.id).inserted { rows.append(row) }
                origin = origin.combined(with: NYCOrigin(answer.origin))
                retrieved = min(retrieved ?? answer.retrieved, answer.retrieved)
                guard rows.count <= configuration.mostRows else {
                    throw NYCDataError.failure(
                        .tooLarge, source, "\(bbl) has more than \(configuration.mostRows) rows, which is the limit")
                }
                guard page.rows.count >= Self.pageRows else { break }
                // The site orders ids by numbers that their texts do not show, so only going in circles is noticed.
                guard let last = page.rows.last?[":id"], Self.isPlain(last), ends.insert(last).inserted else {
                    throw NYCDataError.failure(.malformed, source, "the pages of rows do not follow each other")
                }
                after = last
            }
            rows.sort { left, right in
                left.sortDay == right.sortDay ? left.id < right.id : Self.isNewer(left.sortDay, right.sortDay)
            }
            let moment = Double(retrieved?.microseconds ?? 0) / Double(Instant.microsecondsPerSecond)
            return NYCAnswer(rows: rows, origin: origin, retrieved: Date(timeIntervalSince1970: moment))
        } catch {
            throw NYCDataError(error, source) ?? error
        }
    }

    private static func isNewer(_ left: CityDay?, _ right: CityDay?) -> Bool {
        guard let left else { return false }
        return right.map { left > $0 } ?? true
    }

    private func page(_ source: NYCSource, _ condition: String, after: String?) async throws -> (Page, Answer) {
        let place = after.map { "(\(condition)) AND :id > '\($0)'" } ?? condition
        var request = try request(
            source,
            [
                ("$select", ":*, *"), ("$where", place), ("$order", ":id"), ("$limit", "\(Self.pageRows)"),
            ])
        request.cache = .whileFresh
        let answer = try await fetcher.answer(request)
        do {
            return (try Page(answer.body.readableBytesView), answer)
        } catch {
            throw NYCDataError.failure(.malformed, source, "the answer is not an array of rows")
        }
    }

    func request(_ source: NYCSource, _ query: [(String, String)]) throws -> FetchRequest {
        let base = configuration.site.hasSuffix("/") ? String(configuration.site.dropLast()) : configuration.site
        let text = QueryText.encoded(query.map { (name: $0.0, value: $0.1) })
        var request = FetchRequest(
            RequestText("\(base)/resource/\(source.dataset).json?\(text)"), source: "nyc", access: access)
        if let token { request.headers = [("X-App-Token", token)] }
        // A gate of the site's network answers 200 with a page for people.
        request.isSound = { head, body in
            head.mediaType != "text/html" && (try? Page(body.readableBytesView)) != nil
        }
        return request
    }

    /// Whether an id can stand between quotes of a condition.
    private static func isPlain(_ id: String) -> Bool {
        !id.isEmpty && id.utf8.count <= 100
            && id.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "'") && $0 != UInt8(ascii: "\\") }
    }
}

extension NYCOrigin {
    init(_ origin: Answer.Origin) {
        switch origin {
        case .source: self = .source
        case .confirmed: self = .confirmed
        case .memory: self = .memory
        case .shared: self = .shared
        case .stale: self = .stale
        }
    }
}
