// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .treatAllWarnings(as: .error),
]

/// Suites are not optimised, so that they build sooner; what they test is.
let suite = strict + [.unsafeFlags(["-Onone"])]

/// A target of ours: every one is built with the same strict settings.
func target(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency] = [], resources: [Resource] = []) -> Target {
    .testTarget(
        name: "\(name)Tests",
        dependencies: [.init(stringLiteral: name)] + dependencies,
        resources: resources,
        swiftSettings: suite)
}

func library(_ module: String, _ header: String, _ debian: String) -> Target {
    .systemLibrary(name: module, pkgConfig: header, providers: [.apt([debian])])
}

let asyncHTTPClient = Target.Dependency.product(name: "AsyncHTTPClient", package: "async-http-client")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let hummingbirdCore = Target.Dependency.product(name: "HummingbirdCore", package: "hummingbird")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let unixSignals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let metricsAPI = Target.Dependency.product(name: "Metrics", package: "swift-metrics")
let coreMetrics = Target.Dependency.product(name: "CoreMetrics", package: "swift-metrics")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioEmbedded = Target.Dependency.product(name: "NIOEmbedded", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioHTTPCompression = Target.Dependency.product(name: "NIOHTTPCompression", package: "swift-nio-extras")
let nioHTTP2 = Target.Dependency.product(name: "NIOHTTP2", package: "swift-nio-http2")
let nioHTTPTypes = Target.Dependency.product(name: "NIOHTTPTypes", package: "swift-nio-extras")
let nioHTTPTypesHTTP2 = Target.Dependency.product(name: "NIOHTTPTypesHTTP2", package: "swift-nio-extras")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioSSL = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
let nioTLS = Target.Dependency.product(name: "NIOTLS", package: "swift-nio")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")

/// The definitions of what the program is built from. scripts/build tells it in the environment, so that no file of the
/// sources changes.
let build: [CSetting] = ["HEXTANT_COMMIT", "HEXTANT_BUILD_DATE"].compactMap { name in
    guard let text = Context.environment[name], text.allSatisfy({ $0.isLetter || $0.isNumber || "-:.+".contains($0) })
    else { return nil }
    return .define(name, to: "\"\(text)\"")
}

// The kernel for processors with AVX2 is a module of its own: what others import, the library H3, needs no flags. It is
// the same code as in H3, compiled once more with other instructions. Because SwiftPM lets no two targets share a file,
// `Sources/H3AVX2` holds symbolic links to those sources, and only what differs (`Wide`) is in files of its own.
#if arch(x86_64)
let wideKernel: [Target.Dependency] = ["H3AVX2"]
let wideTargets: [Target] = [
    .target(
        name: "H3AVX2", dependencies: ["H3"],
        swiftSettings: strict + [.unsafeFlags(["-Xcc", "-march=x86-64-v3"])])
]
#else
let wideKernel: [Target.Dependency] = []
let wideTargets: [Target] = []
#endif

let package = Package(
    name: "hextant",
    // InlineArray, which the tables of H3 are made of, comes with the system from macOS 26 on.
    platforms: [.macOS(.v26)],
    products: [
        .executable(name: "hextant", targets: ["hextant"]),
        .library(name: "H3", targets: ["H3"]),
        .library(name: "NYCOpenData", targets: ["NYCOpenData"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
        .package(url: "https://github.com/apple/swift-nio-http2", from: "1.46.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(
            url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: ["FullFoundation"]),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    // Arrows only point down: a target may depend on those below it, never on one above.
    targets: [
        .executableTarget(name: "hextant", dependencies: ["Commands"], swiftSettings: strict),
        target(
            "Commands",
            [
                "Server", "Work", "Web", "Accounts", "Feeds", "Storage", "Limits", "Tiles", "Jobs", "Risk", "Domain",
                "Postgres", "Redis", "Telemetry", "Breaker", "H3", "Areas", "CSV", "Formats", "Connectors", "Fetch",
                "NYCOpenData", "Outlook", "Spending", "Streams", "Reports", "PMTiles", "CAllocator", "CBuild",
                lifecycle, unixSignals, logging, metricsAPI, nioCore, yams,
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),
        target(
            "Server",
            [
                "Web", "Formats", "JSON", "Accounts", "Breaker", "Limits", "Spending", "Reports", "Tiles", "Caching",
                "Compression", "Domain", "Telemetry", "H3", "TileMath", "PMTiles", hummingbird, hummingbirdCore,
                httpTypes, lifecycle, logging, metricsAPI, nioCore,
            ]),
        target(
            "Web",
            [
                "JSON", "Caching", "Compression", hummingbird, hummingbirdCore, httpTypes, logging, metricsAPI, nioCore,
                nioHTTP1, nioHTTP2, nioHTTPTypes, nioHTTPTypesHTTP2, nioSSL, nioTLS,
            ]),
        target("Areas", ["Formats", "JSON", "H3", "Zip", "CZlib", "CProj", "CSQLite", "CExpat", nioCore]),
        target("Formats", ["JSON", "Domain", "H3", nioCore]),
        target("JSON", [nioCore]),
        target(
            "Work",
            [
                "Storage", "Connectors", "Streams", "Fetch", "Feeds", "Outlook", "Models", "Jobs", "Risk", "Domain",
                "Postgres", "Breaker", "Caching", "Digest", "Threads", "H3", lifecycle, logging, metricsAPI,
            ]),
        target("NYCOpenData", ["Fetch", "Breaker", "Caching", "Domain", "Redis", metricsAPI, nioCore]),
        target(
            "Streams", ["Connectors", "Fetch", "Feeds", "Domain", "Threads", "CRdKafka", "CMosquitto", yams]),
        target("Connectors", ["Fetch", "Feeds", "Jobs", "Domain", "Digest", nioCore, yams]),
        target(
            "Fetch",
            [
                "Breaker", "Caching", "Domain", "Redis", asyncHTTPClient, metricsAPI, nioCore, nioHTTP1,
                nioHTTPCompression, nioPosix, nioSSL,
            ]),
        target(
            "Feeds",
            [
                "Areas", "Formats", "Spending", "Domain", "Threads", "CSV", "Zip", "CExpat", "CZlib", "CProj", "Digest",
                yams,
            ]),
        target(
            "Storage",
            [
                "Jobs", "Accounts", "Areas", "Models", "Spending", "Binning", "Breaker", "Caching", "Tiles", "Risk",
                "Domain", "Postgres", "Digest", "H3", "TileMath", lifecycle, logging, metricsAPI, nioCore,
            ]),
        target("Limits", ["Caching", "Redis", metricsAPI]),
        target("PMTiles", ["Caching", "Compression", nioCore, nioPosix]),
        target(
            "Tiles",
            [
                "Caching", "Compression", "Domain", "Redis", "TileMath", "CDeflate", lifecycle, logging, metricsAPI,
                nioCore,
            ]),
        target("Jobs", ["Domain"]),
        target("Reports", ["Outlook", "Domain", "Threads", "H3", "CPango"]),
        target("Risk", ["Domain"]),
        target("Spending", ["Domain"]),
        target("Outlook", ["Domain", "H3"]),
        target("Models", ["Spending", "Domain", "Threads", "Digest", "CXGBoost"]),
        target("Domain", ["H3"]),
        target("Caching", ["Threads", nioCore, nioPosix]),
        target("Compression", ["CDeflate", "CZlib", nioCore]),
        target("Accounts", ["Domain", "Digest"]),
        target("Postgres", ["Threads", "CLibpq"]),
        target("Redis", ["Breaker", "CHiredis", nioCore, nioPosix, logging]),
        target("Breaker", [nioCore, logging]),
        target("Telemetry", [coreMetrics]),
        target("Binning", ["H3"] + wideKernel),
        target("Threads"),
        target("H3"),
        target("TileMath"),
        target("CSV"),
        target("Zip"),
        target("Digest", ["COpenSSL"]),
        library("COpenSSL", "libcrypto", "libssl-dev"),
        .systemLibrary(name: "CAllocator"),
        .target(name: "CBuild", cSettings: build),
        library("CLibpq", "libpq", "libpq-dev"),
        library("CHiredis", "hiredis", "libhiredis-dev"),
        library("CDeflate", "libdeflate", "libdeflate-dev"),
        library("CZlib", "zlib", "zlib1g-dev"),
        library("CProj", "proj", "libproj-dev"),
        library("CSQLite", "sqlite3", "libsqlite3-dev"),
        library("CExpat", "expat", "libexpat1-dev"),
        library("CRdKafka", "rdkafka", "librdkafka-dev"),
        library("CMosquitto", "libmosquitto", "libmosquitto-dev"),
        library("CXGBoost", "xgboost", "libxgboost-dev"),
        library("CPango", "pangocairo", "libpango1.0-dev"),

        .target(
            name: "TestDatabase", dependencies: ["Postgres"], path: "Tests/TestDatabase", swiftSettings: strict),
        .target(
            name: "TestSources", dependencies: ["Connectors", "Fetch", "Domain", "Telemetry", nioCore],
            path: "Tests/TestSources", swiftSettings: strict),
        .target(name: "TestRedis", dependencies: ["Redis"], path: "Tests/TestRedis", swiftSettings: strict),
        .target(
            name: "TestStorage",
            dependencies: ["TestDatabase", "TestDomain", "Storage", "Jobs", "Domain", "Postgres"],
            path: "Tests/TestStorage", swiftSettings: strict),
        .target(name: "TestDomain", dependencies: ["Domain"], path: "Tests/TestDomain", swiftSettings: strict),
        .target(name: "TestLog", dependencies: [logging], path: "Tests/TestLog", swiftSettings: strict),
        .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: strict),
        tests("H3", ["TestSupport"], resources: [.copy("Golden")]),
        tests("Binning", ["TestSupport", "H3"]),
        tests("TileMath"),
        tests("CSV", ["TestSupport"]),
        tests("Risk", ["TestSupport", "Domain"]),
        tests("Spending", ["TestSupport", "Domain"]),
        tests("Domain", ["TestDomain", "TestSupport", "H3"]),
        tests("Outlook", ["TestSupport", "Domain", "H3"], resources: [.copy("Golden")]),
        tests("Models", ["TestSupport", "Spending", "Threads", "Domain"]),
        tests("Threads"),
        tests("Caching", ["TestSupport", nioCore]),
        tests("Compression", [nioCore]),
        tests("Accounts", ["TestDomain", "Domain"]),
        tests("Digest"),
        tests("Feeds", ["TestSupport", "Domain"]),
        tests(
            "Fetch",
            ["TestRedis", "TestSupport", "Breaker", "Domain", "Redis", "Telemetry", nioCore, nioPosix, nioSSL]),
        tests(
            "NYCOpenData",
            ["TestSources", "TestRedis", "TestSupport", "Fetch", "Domain", "Redis", "Telemetry", nioCore]),
        tests(
            "Connectors",
            ["TestSources", "TestSupport", "Breaker", "Fetch", "Feeds", "Jobs", "Domain", "Telemetry", nioCore]),
        tests("Streams", ["Connectors", "Feeds", "Domain"]),
        tests("Telemetry", [metricsAPI]),
        tests("Breaker", ["TestLog", nioCore, logging]),
        tests("Redis", ["TestRedis", "Breaker", nioCore, nioPosix]),
        tests("Postgres", ["TestDatabase", "TestSupport"]),
        tests("PMTiles", ["TestSupport", "Compression", nioCore]),
        tests("Limits", ["TestRedis", "Redis", "Telemetry", logging]),
        tests(
            "Tiles",
            [
                "TestDomain", "TestSupport", "TestRedis", "CZlib", "Redis", "TileMath", "Domain", "Telemetry", nioCore,
                logging,
            ]),
        tests("Jobs", ["Domain"]),
        tests("Reports", ["Domain", "H3"]),
        tests(
            "Work",
            [
                "TestStorage", "TestDatabase", "TestDomain", "TestLog", "TestSources", "TestSupport", "Storage",
                "Connectors", "Fetch", "Jobs", "Domain", "Postgres", "Telemetry", lifecycle, logging, nioCore,
            ]),
        tests(
            "Storage",
            [
                "TestStorage", "TestDatabase", "TestDomain", "TestSupport", "Accounts", "Areas", "Models", "Jobs",
                "Postgres", "Risk", "Domain", "Tiles",
                "TileMath", "H3", logging, nioCore,
            ]),
        tests("Commands", ["TestDomain", "Jobs", "Risk", "Domain", "H3"]),
        tests("JSON", [nioCore]),
        tests("Formats", [nioCore]),
        tests("Areas", ["TestSupport", "Formats", "H3", nioCore]),
        tests("Web", ["Accounts", "Telemetry", httpTypes, nioCore, nioEmbedded]),
        tests(
            "Server",
            [
                "TestDomain", "Web", "Formats", "Accounts", "Caching", "Compression", "Limits", "Domain", "Spending",
                "Tiles", "TileMath", "PMTiles", "H3", hummingbird, httpTypes, lifecycle, logging, nioCore, nioEmbedded,
                nioPosix,
            ]),
    ]
)

package.targets += wideTargets

// The suites over the shared reference data exist only where that folder is named (`make test-shared`).
if Context.environment["HEXTANT_SHARED"] != nil {
    package.targets.append(
        .testTarget(
            name: "SharedTests", dependencies: ["H3", "Feeds", "Domain", "Connectors", "Fetch", "TestSources"],
            path: "Tests/SharedTests", swiftSettings: suite
        ))
}

// `scripts/test-target NAME` builds and runs the suite of one target, with what that stands on and nothing else.
if let only = Context.environment["HEXTANT_ONLY"] {
    var needed: Set<String> = []
    func need(_ name: String) {
        guard needed.insert(name).inserted else { return }
        for dependency in package.targets.first(where: { $0.name == name })?.dependencies ?? [] {
            if case .byNameItem(let name, _) = dependency { need(name) }
        }
    }
    need("\(only)Tests")
    package.targets.removeAll { !needed.contains($0.name) }
    package.products.removeAll()
}
