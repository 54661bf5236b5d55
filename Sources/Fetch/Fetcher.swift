package import Breaker
import Caching
package import Domain
package import Metrics
import NIOCore
import Synchronization

/// The way out: every request to a source goes through one of these.
///
/// Each try waits for its turn at the host, for a slot, and for an address that may be connected to; then it has
/// deadlines for the head and for each piece of the body. Failures are repeated with growing pauses; a host that keeps
/// failing is left alone. ``answer(_:)`` adds the cache and lets equal requests share one flight.
package final class Fetcher: Sendable {
    /// How many redirects are followed.
    static let mostRedirects = 5
    /// The largest whole answer, in bytes; anything larger is read as it comes.
    static let answerBytes = 32 << 20
    /// How much of the body of an error is kept, in bytes.
    static let errorBytes = 64 << 10

    /// A breaker that opens after five failures in a row, for a minute. Jitter is no use with one client, so the whole
    /// delay is taken.
    package static var breaker: CircuitBreaker.Policy {
        var policy = CircuitBreaker.Policy()
        policy.failuresToOpen = 5
        policy.backOff = BackOff(first: .seconds(60), longest: .seconds(60))
        return policy
    }

    let secrets: Secrets
    private let transport: any Transport
    private let addresses: AddressGuard
    private let clock: any FetchClock
    private let rule: RetryRule
    private let jitter: @Sendable () -> Double
    private let traffic: HostTraffic
    private let slots: RequestSlots
    private let metrics: FetchMetrics
    private let cache: AnswerCache
    private let flights = SingleFlight<String, Answer>()

    /// - Parameters:
    ///   - breaker: When a host is left alone.
    ///   - requests: How many requests may be under way at a time.
    ///   - jitter: Numbers from 0 to 1.
    package init(
        _ transport: any Transport, secrets: Secrets, resolver: any HostResolver = SystemResolver(),
        clock: any FetchClock = SystemClock(), rule: RetryRule = RetryRule(),
        breaker: CircuitBreaker.Policy = Fetcher.breaker, requests: Int = 50,
        cache: CachePolicy = CachePolicy(), shared: (any SharedAnswers)? = nil,
        jitter: @escaping @Sendable () -> Double = { .random(in: 0...1) },
        metrics: any MetricsFactory = MetricsSystem.factory
    ) {
        self.transport = transport
        self.secrets = secrets
        addresses = AddressGuard(resolver: resolver)
        self.clock = clock
        self.rule = rule
        self.jitter = jitter
        traffic = HostTraffic(policy: breaker)
        slots = RequestSlots(requests)
        self.metrics = FetchMetrics(metrics)
        self.cache = AnswerCache(cache, shared: shared)
    }

    /// The text with each `${NAME}` replaced by its secret.
    /// - Throws: ``FetchError`` with the code `secret` when a name is not set.
    package func fill(_ text: String) throws(FetchError) -> RequestText { try secrets.fill(text) }

    /// A text of a source with every secret replaced by its name.
    package func hide(_ text: String) -> String { secrets.hide(text) }

    /// The time of day, for what is written down about an answer.
    package var date: Instant { clock.date }

    /// Sends a request and hands its answer on as it comes.
    ///
    /// - Parameter read: Reads the answer. It is called again from the beginning when the body breaks off, so it must
    ///   forget what it read before. It may throw ``FetchError`` with the code `cutShort` for a body that is not whole;
    ///   that is repeated, too. Any other error ends the request.
    /// - Throws: ``FetchError`` when there is no answer, what `read` throws, and `CancellationError`.
    package func read<Output: Sendable>(
        _ request: FetchRequest, _ read: @escaping @Sendable (AnswerHead, BodyBytes) async throws -> Output
    ) async throws -> Output {
        var tries = 1
        var waits = 1
        while true {
            let failure: FetchError
            do {
                return try await attempt(request, read)
            } catch let error as FetchError {
                failure = error
            }
            let pause = Self.reason(failure).flatMap { reason in
                rule.pause(
                    after: reason == .stillWorking ? waits : tries, reason, retryAfter: failure.retryAfter,
                    retries: request.retries, jitter: jitter())
            }
            // A source that works on an answer has not failed.
            if failure.status == 202 { waits += 1 } else { tries += 1 }
            guard let pause else {
                metrics.failed(failure.code)
                throw failure
            }
            try await clock.sleep(until: clock.now + pause)
        }
    }

    /// The whole answer to a request: from the cache if the request allows it, otherwise from the source. Equal
    /// requests at the same time are one.
    ///
    /// - Throws: The errors of ``read(_:_:)``. When the source is down and an earlier good answer is at hand, that one
    ///   is given instead, marked as stale.
    package func answer(_ request: FetchRequest) async throws -> Answer {
        guard request.cache != .never else { return try await whole(request, held: nil) }
        let key = request.key
        if request.cache == .whileFresh, let (held, tier) = await cache.fresh(key, now: clock.date) {
            metrics.hit(tier)
            return Answer(held, request.url.shown, tier == .memory ? .memory : .shared)
        }
        // Every wait within is bounded, so this limit only guards against a fault of ours.
        return try await flights.value(for: key, within: .seconds(2 * 3600)) { [self] in
            metrics.missed()
            let held = await cache.last(key, now: clock.date)
            do {
                return try await whole(request, held: held, key: key)
            } catch let error as FetchError where error.isTemporary {
                guard let held else { throw error }
                cache.count(\.stale)
                return Answer(held, request.url.shown, .stale)
            }
        }.value
    }

    /// The figures of each host that was asked.
    package var hosts: [(host: String, figures: HostFigures)] { traffic.figures(now: clock.now) }

    /// The figures of the cache.
    package var cached: CacheFigures { cache.figures }

    /// How many requests wait for a slot.
    package var waiting: Int { slots.waiting }

    private func whole(_ request: FetchRequest, held: StoredAnswer?, key: String? = nil) async throws -> Answer {
        var asked = request
        asked.access.limits.bytes = min(asked.access.limits.bytes, Self.answerBytes)
        if let held {
            asked.headers += held.conditions
            asked.accepted.insert(304)
        }
        let shown = request.url.shown
        let (head, body) = try await read(asked) { head, body in
            let bytes = try await body.collected()
            guard head.status != 200 || request.isSound?(head, bytes) ?? true else {
                throw FetchError(
                    .cutShort, url: shown, "what came is not what the source promises", status: head.status)
            }
            return (head, bytes)
        }
        if head.status == 304, var held {
            held.confirmed = clock.date
            if let key { await cache.keep(held, key) }
            cache.count(\.confirmed)
            return Answer(held, shown, .confirmed)
        }
        let stored = StoredAnswer(head, body, at: clock.date)
        if let key, head.status == 200 { await cache.keep(stored, key) }
        return Answer(stored, shown, .source, status: head.status)
    }

    private static func reason(_ failure: FetchError) -> RetryRule.Reason? {
        switch failure.code {
        case .connect, .timeout, .cutShort, .resolve: .failure
        case .rateLimited: .tooManyRequests
        case .status:
            failure.status == 202 ? .stillWorking : (failure.status ?? 0) >= 500 ? .failure : nil
        case .url, .host, .address, .certificate, .circuitOpen, .tooLarge, .redirect, .secret: nil
        }
    }
}

extension Fetcher {
    private enum Step<Output: Sendable>: Sendable {
        case done(Output)
        case redirect(FetchRequest)
    }

    /// One try, with the redirects that it is sent on.
    private func attempt<Output: Sendable>(
        _ first: FetchRequest, _ read: @escaping @Sendable (AnswerHead, BodyBytes) async throws -> Output
    ) async throws -> Output {
        var request = first
        let origin = try first.access.hosts.target(first.url)
        for _ in 0...Self.mostRedirects {
            let target = try request.access.hosts.target(request.url)
            let host = target.hostAndPort
            let step = try await inTurn(host, request) { [self, request] in
                try await exchange(request, target, isOrigin: target == origin, read)
            }
            switch step {
            case .done(let output): return output
            case .redirect(let next): request = next
            }
        }
        throw FetchError(
            .redirect, url: first.url.shown, "the source redirects more than \(Self.mostRedirects) times")
    }

    /// Waits for the request's turn at the host and for a slot, and then runs `body`.
    ///
    /// A host may ask to be left alone while requests wait: those wait for another turn. One that asks for more time
    /// than we have patience is not asked.
    private func inTurn<Output: Sendable>(
        _ host: String, _ request: FetchRequest, _ body: @Sendable () async throws -> Output
    ) async throws -> Output {
        while true {
            if let until = traffic.pauseEnd(host, now: clock.now) {
                let rest = Duration.nanoseconds((until - clock.now).nanoseconds)
                guard rest <= rule.mostPatience else {
                    throw FetchError(
                        .rateLimited, url: request.url.shown,
                        "\(host) asked to be left alone for longer than \(Int64(rule.mostPatience / .seconds(1))) s",
                        retryAfter: rest)
                }
            }
            try await clock.sleep(until: traffic.turn(host, request.access.pace, now: clock.now))
            let output = try await slots.withSlot { () async throws -> Output? in
                guard traffic.pauseEnd(host, now: clock.now) == nil else { return nil }
                return try await body()
            }
            if let output { return output }
        }
    }

    /// One request and its answer, with what it says about the host.
    private func exchange<Output: Sendable>(
        _ request: FetchRequest, _ target: Target, isOrigin: Bool,
        _ read: @escaping @Sendable (AnswerHead, BodyBytes) async throws -> Output
    ) async throws -> Step<Output> {
        let host = target.hostAndPort
        let url = request.url.shown
        if let until = traffic.refusal(host, now: clock.now) {
            let pause = Duration.nanoseconds((until - clock.now).nanoseconds)
            throw FetchError(
                .circuitOpen, url: url, "\(host) failed several times in a row and is left alone for now",
                retryAfter: pause)
        }
        let started = clock.now
        let status = Mutex<Int?>(nil)
        defer {
            metrics.tried(
                request, status: status.withLock { $0 }, took: max(0, (clock.now - started).nanoseconds))
            metrics.breaker(host, traffic.state(of: host, now: clock.now))
        }
        do {
            let watch = TryWatch(request.access.limits, clock)
            let late = FetchError(.timeout, url: url, "the source did not answer in time")
            let step = try await watch.run(late: late) { [self] () -> Step<Output> in
                let answer = try await send(request, target, isOrigin: isOrigin)
                status.withLock { $0 = answer.head.status }
                let body = BodyBytes(answer.body, url: url, limits: request.access.limits, watch: watch)
                if let next = try redirected(request, answer.head) { return .redirect(next) }
                guard
                    (200...299).contains(answer.head.status) && answer.head.status != 202
                        || request.accepted.contains(answer.head.status)
                else { throw try await refusal(answer.head, body, url: url) }
                return .done(try await read(answer.head, body))
            }
            traffic.answered(host)
            return step
        } catch let error as FetchError {
            note(error, host, hasAnswered: status.withLock { $0 != nil })
            throw error
        } catch is CancellationError {
            // It says nothing about the host.
            throw CancellationError()
        } catch {
            // The reader refuses what came. The host has answered all the same.
            if status.withLock({ $0 != nil }) { traffic.answered(host) }
            throw error
        }
    }

    /// The longest time for which a host is left alone because it says so.
    private static let longestPause = Duration.seconds(3600)

    /// Tells the host's breaker and bucket what an error means for them.
    private func note(_ error: FetchError, _ host: String, hasAnswered: Bool) {
        switch error.code {
        case .connect, .timeout, .cutShort, .resolve, .certificate: traffic.failed(host, now: clock.now)
        case .status where (error.status ?? 0) >= 500: traffic.failed(host, now: clock.now)
        case .status, .rateLimited, .redirect, .tooLarge: traffic.answered(host)
        // A redirect that is not followed is an answer, too.
        case .url, .host, .address, .secret: if hasAnswered { traffic.answered(host) }
        case .circuitOpen: break
        }
        if let pause = error.retryAfter, error.code != .circuitOpen {
            traffic.pause(host, until: clock.now + min(pause, Self.longestPause))
        }
    }

    /// Sends a request to the first of the host's addresses that takes a connection.
    private func send(_ request: FetchRequest, _ target: Target, isOrigin: Bool) async throws -> WireAnswer {
        let url = request.url.shown
        let allowed = try await addresses.addresses(
            of: target.host, allowPrivate: request.access.hosts.allowPrivate, url: url)
        var headers = request.headers.filter { isOrigin || $0.value.shown == $0.value.sent }.map {
            (name: $0.name, value: $0.value.sent)
        }
        headers.append(("User-Agent", "hextant"))
        var last = TransportFault.connect("no connection could be made")
        for address in allowed {
            do {
                return try await transport.send(
                    WireRequest(
                        method: request.method, url: request.url.sent, host: target.host, address: address,
                        headers: headers, form: request.form))
            } catch let fault as TransportFault {
                last = fault
                guard case .connect = fault else { break }
            }
        }
        throw FetchError(last, url: url)
    }

    /// The error that an answer is which is none.
    private func refusal(_ head: AnswerHead, _ body: BodyBytes, url: String) async throws -> FetchError {
        let bytes = try await body.beginning(Self.errorBytes)
        let text = secrets.hide(
            String(decoding: bytes.readableBytesView, as: UTF8.self), isCut: bytes.readableBytes >= Self.errorBytes)
        let retryAfter = RetryAfter.duration(head["retry-after"], now: clock.date.seconds)
        let asked = retryAfter.map { "; it asks to wait \(Int64($0 / .seconds(1))) s" } ?? ""
        if head.status == 429 {
            return FetchError(
                .rateLimited, url: url, "the source has had too many requests (429)\(asked)", status: 429,
                retryAfter: retryAfter, body: text)
        }
        return FetchError(
            .status, url: url, "the source answered \(head.status)\(asked)", status: head.status,
            retryAfter: retryAfter,
            body: text)
    }

    /// The request that a redirect asks for; `nil` for any other answer.
    private func redirected(_ request: FetchRequest, _ head: AnswerHead) throws(FetchError) -> FetchRequest? {
        guard [301, 302, 303, 307, 308].contains(head.status), !request.accepted.contains(head.status) else {
            return nil
        }
        guard let location = head["location"], let url = Location.resolved(location, against: request.url.sent) else {
            throw FetchError(.redirect, url: request.url.shown, "the source redirects without a target")
        }
        var next = request
        next.url = RequestText(shown: secrets.hide(url), sent: url)
        if head.status < 307 {
            next.method = .get
            next.form = nil
        }
        // Checked here, too, so that the error is one of this answer.
        _ = try next.access.hosts.target(next.url)
        return next
    }
}
