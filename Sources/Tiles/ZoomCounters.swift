package import Metrics
import TileMath

/// A counter of tiles for each zoom.
///
/// Every series exists from the start, so that a rate of zero can be told from missing data.
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
