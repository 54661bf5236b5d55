// swift-tools-version: 6.2
import PackageDescription

// A package that uses the products of Hextant as any other package would: from a repository, by its version.
guard let repository = Context.environment["HEXTANT_REPOSITORY"] else {
    fatalError("HEXTANT_REPOSITORY is to name a repository of Hextant with the version 1.0.0")
}

// One product at a time, because one that is not used must not be needed either.
let isOfProperties = Context.environment["HEXTANT_PRODUCT"] == "NYCOpenData"

let package = Package(
    name: "outside",
    platforms: [.macOS(.v26)],
    dependencies: [.package(url: repository, exact: "1.0.0")],
    targets: isOfProperties
        ? [
            .executableTarget(
                name: "properties", dependencies: [.product(name: "NYCOpenData", package: "hextant")])
        ]
        : [
            .executableTarget(
                name: "outside", dependencies: ["CAllocations", .product(name: "H3", package: "hextant")]),
            .target(name: "CAllocations"),
        ]
)
