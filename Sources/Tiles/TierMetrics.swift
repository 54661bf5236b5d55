import Metrics
import TileMath

/// `tile_requests_total` of one tier by outcome and zoom.
///
/// Every series is there from the start, so that a rate of none is told from no answer.
struct TierMetrics {
    private let hits: [Counter]
    private let misses: [Counter]
    private let errors: [Counter]

    init(tier: String, factory: any MetricsFactory) {
        func counters(_ outcome: String) -> [Counter] {
            (0...TileAddress.usualMaximumZoom).map { zoom in
                Counter(
                    label: "tile_requests_total",
                    dimensions: [("tier", tier), ("outcome", outcome), ("zoom", String(zoom))], factory: factory)
            }
        }
        hits = counters("hit")
        misses = counters("miss")
        errors = counters("error")
    }

    func hit(_ key: TileKey) { increment(hits, key) }
    func miss(_ key: TileKey) { increment(misses, key) }
    /// The tier itself failed.
    func error(_ key: TileKey) { increment(errors, key) }

    private func increment(_ counters: [Counter], _ key: TileKey) {
        counters[min(key.address.z, counters.count - 1)].increment()
    }
}
