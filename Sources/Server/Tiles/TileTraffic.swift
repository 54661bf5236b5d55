import Metrics
import NIOCore

/// The metric `tile_sent_bytes_total`: the size of tiles' bodies as sent.
struct TileTraffic: Sendable {
    private let bytes = Counter(label: "tile_sent_bytes_total")

    func count(_ body: ByteBuffer?) {
        if let body { bytes.increment(by: body.readableBytes) }
    }
}
