import Compression
import HTTPTypes
import Hummingbird
import Metrics
import NIOCore
import Tiles
import Web

/// The answer to a request for a tile. This type alone turns a tile into status, headers and body.
struct TileAnswer {
    /// The caching headers of tiles.
    struct Caching: Sendable {
        private let usual: String
        private let stale: String

        /// - Parameters:
        ///   - maxAge: How long a copy may be used.
        ///   - staleAge: How long after that it may be used while a newer one is requested (RFC 5861).
        init(maxAge: Duration, staleAge: Duration) {
            let revalidation = staleAge.components.seconds
            let suffix = revalidation > 0 ? ", stale-while-revalidate=\(revalidation)" : ""
            usual = "public, max-age=\(maxAge.components.seconds)\(suffix)"
            // A client with an old tile should ask again soon.
            stale = "public, max-age=\(min(5, maxAge.components.seconds))"
        }

        func text(isStale: Bool) -> String { isStale ? stale : usual }
    }

    let status: HTTPResponse.Status
    /// The headers, except those that every answer of the server has.
    let fields: [(name: HTTPField.Name, value: String)]
    let body: ByteBuffer?

    /// - Parameters:
    ///   - sendsGzip: Whether the client prefers gzip.
    ///   - ifNoneMatch: The `If-None-Match` of the client.
    init(_ tile: Tile, sendsGzip: Bool, ifNoneMatch: String?, caching: Caching) throws(Gzip.Failure) {
        var fields = Self.commonFields(caching, isStale: tile.isStale)
        guard !tile.isEmpty else {
            self.init(status: .noContent, fields: fields)
            return
        }
        let tag = sendsGzip ? "\"\(tile.tag)-gzip\"" : "\"\(tile.tag)\""
        fields.append((.eTag, tag))
        if EntityTag.isKnown(tag, ifNoneMatch: ifNoneMatch) {
            self.init(status: .notModified, fields: fields)
            return
        }
        fields.append((.contentType, "application/vnd.mapbox-vector-tile"))
        if sendsGzip { fields.append((.contentEncoding, "gzip")) }
        self.init(status: .ok, fields: fields, body: sendsGzip ? tile.gzip : try tile.plain())
    }

    /// The answer for a tile without cells.
    static func empty(_ caching: Caching) -> TileAnswer {
        TileAnswer(status: .noContent, fields: commonFields(caching, isStale: false))
    }

    private init(
        status: HTTPResponse.Status, fields: [(name: HTTPField.Name, value: String)], body: ByteBuffer? = nil
    ) {
        self.status = status
        self.fields = fields
        self.body = body
    }

    private static func commonFields(_ caching: Caching, isStale: Bool) -> [(name: HTTPField.Name, value: String)] {
        var fields: [(name: HTTPField.Name, value: String)] = []
        fields.reserveCapacity(6)
        fields.append((.cacheControl, caching.text(isStale: isStale)))
        fields.append((.vary, "Accept-Encoding"))
        if isStale { fields.append((.hextantStale, "true")) }
        return fields
    }
}

extension HTTPField.Name {
    /// The header that is `true` on an old tile sent because no newer one could be made.
    static let hextantStale = Self("Hextant-Stale")!
}

extension TileAnswer {
    func response() -> Response {
        var headers = HTTPFields()
        for (name, value) in fields { headers[name] = value }
        return Response(status: status, headers: headers, body: body.map { .init(byteBuffer: $0) } ?? .init())
    }
}

/// The metric `tile_sent_bytes_total`: the size of tiles' bodies as sent.
struct TileTraffic: Sendable {
    private let bytes = Counter(label: "tile_sent_bytes_total")

    func count(_ body: ByteBuffer?) {
        if let body { bytes.increment(by: body.readableBytes) }
    }
}
