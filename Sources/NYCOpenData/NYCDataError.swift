import Caching
import Fetch
public import Foundation
import Redis

/// Why data of New York did not come.
///
/// ```swift
/// do {
///     let permits = try await client.getPermits(BBL("1007900009"))
///     print(permits.rows.count)
/// } catch NYCDataError.rateLimited(let limited) {
///     print("ask again in", limited.retryAfter ?? .seconds(60))
/// } catch let error as NYCDataError {
///     print(error, error.isTemporary ? "(later it may work)" : "")
/// }
/// ```
///
/// A task that is cancelled throws `CancellationError` instead.
public enum NYCDataError: Error, Hashable, Sendable {
    /// The site has had too many requests, and the retries are used up.
    case rateLimited(RateLimited)
    /// The site failed so often in a row that it is left alone for a while. Nothing was asked.
    case circuitOpen(CircuitOpen)
    /// The cache that processes share cannot be used. Requests never throw it: they go to the site instead.
    case cache(CacheFailure)
    /// A text is no BBL.
    case badBBL(BadBBL)
    /// The site gave no answer, or none that can be used.
    case source(SourceFailure)

    /// The site has had too many requests.
    public struct RateLimited: Hashable, Sendable {
        /// The dataset that was asked, if it is one.
        public let source: NYCSource?
        /// How long the site asks to be left alone, if it says so.
        public let retryAfter: Duration?
    }

    /// The site is left alone.
    public struct CircuitOpen: Hashable, Sendable {
        /// The dataset that was asked, if it is one.
        public let source: NYCSource?
        /// The time until it is asked again.
        public let retryAfter: Duration?
    }

    /// The shared cache cannot be used.
    public struct CacheFailure: Hashable, Sendable {
        /// The fault, without the password of the URL.
        public let problem: String
    }

    /// A text that is no BBL.
    public struct BadBBL: Hashable, Sendable {
        /// The text, 40 letters of it at most.
        public let text: String
        /// The rule that it breaks.
        public let problem: String

        init(_ text: String, _ problem: String) {
            self.text = String(text.prefix(40))
            self.problem = problem
        }
    }

    /// The site gave nothing that can be used.
    public struct SourceFailure: Hashable, Sendable {
        /// A kind of failure.
        public enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
            /// The configuration names no site that may be asked.
            case configuration
            /// No connection could be made, or its certificate is not trusted.
            case unreachable
            /// It did not answer in time.
            case timedOut
            /// Its answer broke off.
            case brokenOff
            /// It failed: a status from 500 on, or it still works on the answer after many questions.
            case failed
            /// It refuses the request: a wrong token, or a column that it no longer has.
            case refused
            /// It no longer has the dataset.
            case missing
            /// Its answer is not what the dataset promises.
            case malformed
            /// There is more than the configuration allows.
            case tooLarge
        }

        /// The dataset that was asked, if it is one.
        public let source: NYCSource?
        /// The kind of failure.
        public let kind: Kind
        /// The HTTP status, if there was an answer.
        public let status: Int?
        /// The fault, as a sentence without its full stop. Tokens are not in it.
        public let problem: String
    }

    /// Whether the same request may succeed later, with nothing changed on this side.
    public var isTemporary: Bool {
        switch self {
        case .rateLimited, .circuitOpen: true
        case .cache, .badBBL: false
        case .source(let failure):
            switch failure.kind {
            case .unreachable, .timedOut, .brokenOff, .failed: true
            case .configuration, .refused, .missing, .malformed, .tooLarge: false
            }
        }
    }
}

extension NYCDataError: CustomStringConvertible {
    /// A sentence without its full stop.
    public var description: String {
        switch self {
        case .rateLimited(let limited):
            let wait = limited.retryAfter.map { "; it asks to wait \(Self.text($0))" } ?? ""
            return "\(Self.name(limited.source)): the site has had too many requests\(wait)"
        case .circuitOpen(let open):
            let wait = open.retryAfter.map { " for \(Self.text($0))" } ?? ""
            return "\(Self.name(open.source)): the site failed several times in a row and is left alone\(wait)"
        case .cache(let failure): return "the shared cache cannot be used: \(failure.problem)"
        case .badBBL(let bad): return "\"\(bad.text)\" is not a BBL: \(bad.problem)"
        case .source(let failure): return "\(Self.name(failure.source)): \(failure.problem)"
        }
    }

    private static func name(_ source: NYCSource?) -> String { source.map(\.title) ?? "NYC Open Data" }

    private static func text(_ duration: Duration) -> String { "\(max(1, Int64(duration / .seconds(1)))) s" }
}

extension NYCDataError: LocalizedError {
    /// The same sentence as ``description``.
    public var errorDescription: String? { description }
}

extension NYCDataError {
    /// The error that a failure of the way out means; `nil` for a cancellation.
    init?(_ error: any Error, _ source: NYCSource?) {
        switch error {
        case is CancellationError: return nil
        case let error as NYCDataError: self = error
        case let error as FetchError: self.init(error, source)
        case is DeadlineExceeded: self = .failure(.timedOut, source, "the site did not answer in time")
        case let error as RedisError: self = .cache(CacheFailure(problem: error.description))
        default: self = .failure(.unreachable, source, "the site could not be asked: \(type(of: error))")
        }
    }

    private init(_ error: FetchError, _ source: NYCSource?) {
        switch error.code {
        case .rateLimited: self = .rateLimited(RateLimited(source: source, retryAfter: error.retryAfter))
        case .circuitOpen: self = .circuitOpen(CircuitOpen(source: source, retryAfter: error.retryAfter))
        case .url, .secret: self = .failure(.configuration, source, error.problem)
        // The site itself is allowed, so it sends to another one.
        case .host: self = .failure(.refused, source, "the site sends to another host, which is not followed")
        case .address:
            self = .failure(
                .configuration, source, "the site leads to an address of a private network or of this machine")
        case .resolve, .connect, .certificate, .redirect: self = .failure(.unreachable, source, error.problem)
        case .timeout: self = .failure(.timedOut, source, error.problem)
        case .cutShort: self = .failure(.brokenOff, source, error.problem, error.status)
        case .tooLarge: self = .failure(.tooLarge, source, error.problem, error.status)
        case .status:
            let said = SiteMessage(error.body)
            let problem = said.map { "the site answered \(error.status ?? 0): \($0.text)" } ?? error.problem
            let isMissing = error.status == 404 || error.status == 410 || said?.isMissing == true
            let kind: SourceFailure.Kind = error.isTemporary ? .failed : isMissing ? .missing : .refused
            self = .failure(kind, source, problem, error.status)
        }
    }

    static func failure(
        _ kind: SourceFailure.Kind, _ source: NYCSource?, _ problem: String, _ status: Int? = nil
    ) -> Self {
        .source(SourceFailure(source: source, kind: kind, status: status, problem: problem))
    }
}

/// An error in the words of the site, in any of its forms.
private struct SiteMessage {
    private struct Body: Decodable {
        struct Place: Decodable {
            var column: String?
            var data: Inner?

            struct Inner: Decodable {
                var column: String?
            }
        }

        var message: String?
        var errorCode: String?
        var code: String?
        var data: Place?
    }

    /// The message in one line, 300 letters at most.
    let text: String
    let isMissing: Bool

    init?(_ json: String) {
        guard let body = try? JSONDecoder().decode(Body.self, from: Data(json.utf8)) else { return nil }
        let code = body.errorCode ?? body.code
        let place = (body.data?.column ?? body.data?.data?.column).map { " (column \($0))" } ?? ""
        guard let message = body.message ?? code else { return nil }
        let line = message.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        text = String(line.prefix(300)) + place
        isMissing = code == "not_found" || code == "dataset.missing"
    }
}
