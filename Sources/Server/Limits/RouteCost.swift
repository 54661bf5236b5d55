/// What a request takes out of its client's bucket.
enum RouteCost: Hashable, Sendable {
    /// Probes, and what lies in memory.
    case free
    /// One out of the bucket of tiles.
    case tile
    case units(Int)

    /// By template of the route; one unit for those that are not here. A list of a page is one unit.
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
        // A password takes a tenth of a second of a core.
        "/v1/auth/token": .units(20),
        "/v1/events/upload": .units(20),
        "/v1/ingest/dead-letters/remediate": .units(20),
        "/v1/analytics/run": .units(50),
        "/v1/views/refresh": .units(100),
        "/v1/cache": .units(100),
    ]
}
