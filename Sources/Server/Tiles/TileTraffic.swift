import Metrics
import NIOCore

/// `tile_sent_bytes_total`: bodies of tiles as they are sent.
struct TileTraffic: Sendable {
    private let bytes = Counter(label: "tile_sent_bytes_total")

    func count(_ body: ByteBuffer?) {
        if let body { bytes.increment(by: body.readableBytes) }
    }
}
