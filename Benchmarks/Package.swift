// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .treatAllWarnings(as: .error),
]

// The kernel for x86-64-v3 is of the package, not of its products: its sources are built here once more.
let package = Package(
    name: "benchmarks",
    platforms: [.macOS(.v15)],
    targets: [
        .target(name: "H3", swiftSettings: strict),
        .target(
            name: "H3AVX2", dependencies: ["H3"],
            swiftSettings: strict + [.unsafeFlags(["-Xcc", "-march=x86-64-v3"])]),
        .target(name: "Domain", dependencies: ["H3"], swiftSettings: strict),
        .target(name: "Outlook", dependencies: ["Domain", "H3"], swiftSettings: strict),
        .executableTarget(
            name: "bench-outlook", dependencies: ["Outlook", "Domain", "H3"], swiftSettings: strict),
        .executableTarget(name: "bench-h3", dependencies: ["H3", "H3AVX2"], swiftSettings: strict),
    ]
)
