/// The cost of a request, taken from its client's bucket.
enum RouteCost: Hashable, Sendable {
    /// No cost: probes, and files in memory.
    case free
    /// One unit from the bucket of tiles.
    case tile
    case units(Int)

    /// The costs by template of the route; one unit for those not listed. Each page of a list costs one unit.
    static let all: [String: RouteCost] = [
        "/v1/tiles/{z}/{x}/{y}.mvt": .tile,
        "/tiles/{z}/{x}/{y}.mvt": .tile,
        "/v1/health/live": .free,
        "/v1/health/ready": .free,
        "/metrics": .free,
        "/": .free,
        "/docs": .free,
        "/openapi.json": .free,
        "/**": .free,
        "/v1/hotspots": .units(5),
        "/v1/stats": .units(5),
        "/ogc/collections/{collection}/items": .units(5),
        // Checking a password takes a tenth of a second of a core.
        "/v1/auth/token": .units(20),
        "/v1/events/upload": .units(20),
        "/v1/ingest/dead-letters/remediate": .units(20),
        "/v1/analytics/run": .units(50),
        "/v1/views/refresh": .units(100),
        "/v1/cache": .units(100),
    ]
}
