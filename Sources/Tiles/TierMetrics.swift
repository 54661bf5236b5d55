import Metrics

/// The metric `tile_requests_total` of one tier, by outcome and zoom.
struct TierMetrics {
    private let hits: ZoomCounters
    private let misses: ZoomCounters
    private let errors: ZoomCounters

    init(tier: String, factory: any MetricsFactory) {
        func counters(_ outcome: String) -> ZoomCounters {
            ZoomCounters(
                "tile_requests_total", dimensions: [("tier", tier), ("outcome", outcome)], factory: factory)
        }
        hits = counters("hit")
        misses = counters("miss")
        errors = counters("error")
    }

    func hit(_ key: TileKey) { hits.increment(key) }
    func miss(_ key: TileKey) { misses.increment(key) }
    /// Counts a failure of the tier itself.
    func error(_ key: TileKey) { errors.increment(key) }
}
