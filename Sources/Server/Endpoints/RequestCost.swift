import Hummingbird

/// The cost of a request, taken from its client's bucket.
enum RequestCost: Hashable, Sendable {
    /// No cost: probes, and files in memory.
    case free
    /// One unit from the bucket of tiles.
    case tile
    case units(Double)
    /// Units by the size of the page that is asked for: one for 250 features.
    case page

    /// The cost of a single request.
    func units(of request: Request) -> RequestCost {
        guard self == .page else { return self }
        let text = (request.uri.query ?? "").split(separator: "&").last { $0.hasPrefix("limit=") }
        let limit = text.flatMap { Int($0.dropFirst("limit=".count)) } ?? Self.usualPage
        return .units(max(Self.leastPage, Double(min(limit, Self.mostPage)) / Self.featuresPerUnit))
    }

    /// The cost of a page of unknown size.
    static let dearestPage = Double(mostPage) / featuresPerUnit

    private static let usualPage = 100
    private static let mostPage = 1000
    private static let featuresPerUnit = 250.0
    /// The cost of the smallest page. GDAL 3.6 asks for ten features at a time, and so may read any collection.
    private static let leastPage = 0.25
}
