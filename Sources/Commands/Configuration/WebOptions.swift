import ArgumentParser
import Server
import Storage
import Web

/// The options for the server's place on the web: proxies, base path, other origins and rate limits.
struct WebOptions: ParsableArguments {
    @Option(help: "Path under which clients reach the server, such as /maps. [HEXTANT_BASE_PATH, /]")
    var basePath: String?

    @Option(
        help:
            """
            Addresses or blocks of proxies that are trusted to report the client, such as 10.0.0.0/8, separated by \
            commas. [HEXTANT_TRUSTED_PROXIES, none]
            """
    )
    var trustedProxies: String?

    @Option(
        help:
            """
            Header with which trusted proxies report the client: x-forwarded (-For, -Proto, -Host) or forwarded. \
            [HEXTANT_FORWARDED_HEADER, x-forwarded]
            """
    )
    var forwardedHeader: String?

    @Option(help: "Origins whose pages may read answers, separated by commas, or *. [HEXTANT_CORS_ORIGINS, none]")
    var corsOrigins: String?

    @Option(
        help:
            """
            Seconds for which browsers must use TLS only after a visit over TLS; 0 to not ask for it. \
            [HEXTANT_HSTS_MAX_AGE, 31536000]
            """
    )
    var hstsMaxAge: Int?

    @Option(help: "Requests a minute of a client address; 0 for no limit. [HEXTANT_RATE_LIMIT, 6000]")
    var rateLimit: Int?
    @Option(help: "Requests a minute of a user or API key; 0 for no limit. [HEXTANT_ACCOUNT_RATE_LIMIT, 12000]")
    var accountRateLimit: Int?

    @Option(help: "Tiles a minute of a client address; 0 for no limit. [HEXTANT_TILE_RATE_LIMIT, 0]")
    var tileRateLimit: Int?

    @Option(
        help:
            "Hours after which the readiness probe reports an old view; 0 for never. [HEXTANT_VIEW_MAX_AGE, 0]"
    )
    var viewMaxAge: Int?

    @Option(help: "Datasets that /metrics names: public, all or none. [HEXTANT_DATASET_METRICS, public]")
    var datasetMetrics: String?

    func datasetMetrics(_ settings: Settings) throws -> OperationFigures.Datasets {
        guard let text = settings.text(.datasetMetrics, flag: datasetMetrics) else { return .public }
        let words = OperationFigures.Datasets.allCases.map(\.rawValue).joined(separator: ", ")
        return try OperationFigures.Datasets(rawValue: text)
            ?? settings.refuse(.datasetMetrics, flag: datasetMetrics, "it must be one of \(words)", .public)
    }

    func viewMaxAge(_ settings: Settings) throws -> Duration? {
        let hours = try settings.number(.viewMaxAge, flag: viewMaxAge, in: 0...87_600, default: 0)
        return hours > 0 ? .seconds(hours * 3600) : nil
    }

    func arrival(_ settings: Settings) throws -> ArrivalPolicy {
        func parsed<Value>(
            _ setting: Setting, _ flag: String?, _ expected: String, _ parse: (String) -> Value?
        ) throws -> Value? {
            guard let text = settings.text(setting, flag: flag) else { return nil }
            return try parse(text) ?? settings.refuse(setting, flag: flag, "it must be \(expected)", nil)
        }
        let blocks = try parsed(
            .trustedProxies, trustedProxies, "addresses or blocks such as 10.0.0.0/8, separated by commas"
        ) { text -> [AddressBlock]? in
            let parts = text.split(separator: ",", omittingEmptySubsequences: false)
            let blocks = parts.compactMap { AddressBlock($0.filter { $0 != " " }) }
            return blocks.count == parts.count ? blocks : nil
        }
        let headers = ProxyTrust.Header.allCases.map(\.rawValue).joined(separator: " or ")
        return ArrivalPolicy(
            trust: ProxyTrust(
                blocks ?? [],
                header: try parsed(.forwardedHeader, forwardedHeader, headers, ProxyTrust.Header.init(rawValue:))
                    ?? .xForwarded),
            basePath: try parsed(
                .basePath, basePath, "a path such as /maps, of letters, digits, -, _, . and ~", BasePath.init(_:))
                ?? .root,
            crossOrigin: try parsed(
                .corsOrigins, corsOrigins,
                "*, or origins as browsers write them, such as https://maps.example.org, separated by commas",
                CrossOrigin.init(_:)) ?? .none,
            strictTransport: .seconds(
                try settings.number(.hstsMaxAge, flag: hstsMaxAge, in: 0...315_360_000, default: 31_536_000)))
    }

    func limits(_ settings: Settings) throws -> RateLimits {
        func quota(_ setting: Setting, _ flag: Int?, _ usual: Int) throws -> Int {
            try settings.number(setting, flag: flag, in: 0...10_000_000, default: usual)
        }
        return RateLimits(
            address: try quota(.rateLimit, rateLimit, 6000),
            account: try quota(.accountRateLimit, accountRateLimit, 12_000),
            tiles: try quota(.tileRateLimit, tileRateLimit, 0))
    }
}
