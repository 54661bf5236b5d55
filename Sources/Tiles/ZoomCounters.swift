package import Metrics
import TileMath

/// A counter of tiles for each zoom.
///
/// Every series is there from the start, so that a rate of none is told from no answer.
package struct ZoomCounters: Sendable {
    private let counters: [Counter]

    package init(_ label: String, dimensions: [(String, String)] = [], factory: any MetricsFactory) {
        counters = (0...TileAddress.usualMaximumZoom).map { zoom in
            Counter(label: label, dimensions: dimensions + [("zoom", String(zoom))], factory: factory)
        }
    }

    package func increment(_ key: TileKey) {
        counters[min(key.address.z, counters.count - 1)].increment()
    }
}
