// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .treatAllWarnings(as: .error),
]

/// A target of ours: every one is built with the same strict settings.
func target(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency] = [], resources: [Resource] = []) -> Target {
    .testTarget(
        name: "\(name)Tests",
        dependencies: [.init(stringLiteral: name)] + dependencies,
        resources: resources,
        swiftSettings: strict)
}

func library(_ module: String, _ header: String, _ debian: String) -> Target {
    .systemLibrary(name: module, pkgConfig: header, providers: [.apt([debian])])
}

let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let cryptoExtras = Target.Dependency.product(name: "CryptoExtras", package: "swift-crypto")
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
let nioHTTP2 = Target.Dependency.product(name: "NIOHTTP2", package: "swift-nio-http2")
let nioHTTPTypes = Target.Dependency.product(name: "NIOHTTPTypes", package: "swift-nio-extras")
let nioHTTPTypesHTTP2 = Target.Dependency.product(name: "NIOHTTPTypesHTTP2", package: "swift-nio-extras")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioSSL = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
let nioTLS = Target.Dependency.product(name: "NIOTLS", package: "swift-nio")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")

// The kernel for processors with AVX2 is a module of its own: what others import, the library H3, needs no flags.
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
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
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
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    // Arrows only point down: a target may depend on those below it, never on one above.
    targets: [
        .executableTarget(
            name: "hextant",
            dependencies: [
                "Server", "Accounts", "Feeds", "Storage", "Limits", "Tiles", "Risk", "Postgres", "Redis", "Telemetry",
                "H3",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                lifecycle, unixSignals, logging, metricsAPI, nioCore, yams,
            ],
            swiftSettings: strict),
        target(
            "Server",
            [
                "Accounts", "Breaker", "Limits", "Tiles", "Risk", "Telemetry", "H3", "TileMath", crypto, hummingbird,
                hummingbirdCore, httpTypes, lifecycle, logging, metricsAPI, nioCore, nioHTTP1, nioHTTP2, nioHTTPTypes,
                nioHTTPTypesHTTP2, nioSSL, nioTLS,
            ]),
        target("Feeds", ["Risk", "CSV", "CZlib", "CProj", crypto, yams]),
        target(
            "Storage",
            [
                "Accounts", "Binning", "Breaker", "Tiles", "Risk", "Postgres", "H3", "TileMath", crypto, lifecycle,
                logging, metricsAPI, nioCore,
            ]),
        target("Limits", ["Tiles", "Redis", metricsAPI]),
        target(
            "Tiles", ["Risk", "Redis", "TileMath", "CDeflate", "CZlib", nioCore, nioPosix, logging, metricsAPI]),
        target("Risk", ["H3"]),
        target("Accounts", [crypto, cryptoExtras]),
        target("Postgres", ["CLibpq", logging]),
        target("Redis", ["Breaker", "CHiredis", nioCore, nioPosix, logging]),
        target("Breaker", [nioCore, logging]),
        target("Telemetry", [coreMetrics]),
        target("Binning", ["H3"] + wideKernel),
        target("H3"),
        target("TileMath"),
        target("CSV"),
        library("CLibpq", "libpq", "libpq-dev"),
        library("CHiredis", "hiredis", "libhiredis-dev"),
        library("CDeflate", "libdeflate", "libdeflate-dev"),
        library("CZlib", "zlib", "zlib1g-dev"),
        library("CProj", "proj", "libproj-dev"),

        .target(
            name: "TestDatabase", dependencies: ["Postgres"], path: "Tests/TestDatabase", swiftSettings: strict),
        .target(name: "TestRedis", dependencies: ["Redis"], path: "Tests/TestRedis", swiftSettings: strict),
        tests("H3", resources: [.copy("Golden")]),
        tests("Binning", ["H3"]),
        tests("TileMath"),
        tests("CSV"),
        tests("Risk", ["H3"]),
        tests("Accounts", [crypto]),
        tests("Feeds", ["Risk", "CSV"]),
        tests("Telemetry", [metricsAPI]),
        tests("Breaker", [nioCore]),
        tests("Redis", ["TestRedis", "Breaker", nioCore, nioPosix]),
        tests("Postgres", ["TestDatabase"]),
        tests("Limits", ["TestRedis", "Redis", "Telemetry", logging]),
        tests("Tiles", ["TestRedis", "CZlib", "Redis", "TileMath", "Risk", "Telemetry", nioCore, logging]),
        tests(
            "Storage",
            ["TestDatabase", "Accounts", "Postgres", "Risk", "Tiles", "TileMath", "H3", lifecycle, logging, nioCore]),
        tests(
            "Server",
            [
                "Accounts", "Limits", "Risk", "Tiles", "TileMath", "H3", "Telemetry", hummingbird, httpTypes, lifecycle,
                logging, nioCore, nioEmbedded, nioPosix,
            ]),
    ]
)

package.targets += wideTargets

// The suites over the shared reference data exist only where that folder is named (`make test-shared`).
if Context.environment["HEXTANT_SHARED"] != nil {
    package.targets.append(
        .testTarget(
            name: "SharedTests", dependencies: ["H3", "Feeds", "Risk"], path: "Tests/SharedTests", swiftSettings: strict
        ))
}
