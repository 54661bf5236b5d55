import Caching
import Compression
import HTTPTypes
import Hummingbird
import JSON
import NIOCore
import PMTiles
import TileMath
import Web

/// Answers `/basemap/...`: the tiles of the operator's file, and what a map library must know of them. Without a file
/// there is nothing at these paths.
struct BasemapRoutes {
    /// A tile has the file's version in its URL, so that another file is another URL.
    private static let caching = "public, max-age=86400"
    private static let missing = Problem.notFound("This server shows no basemap of its own: no file is configured.")

    let basemap: Basemap?

    var endpoints: [Endpoint] {
        [
            .get("/basemap/tiles.json", .open, describe),
            .get("/basemap/{z}/{x}/{y}", .open, cost: .tile, tile),
        ]
    }

    /// The URL of the description; `nil` without a file.
    func url(_ origin: String) -> String? { basemap.map { _ in "\(origin)/basemap/tiles.json" } }

    @Sendable private func describe(_ request: Request, _ context: ClientContext) async throws -> Response {
        let parameters = QueryParameters(request.uri.query, known: [])
        try parameters.check()
        guard let basemap else { throw Self.missing }
        let origin = try context.origin.text()
        let header = basemap.file.header
        var json = JSONWriter()
        json.object { json in
            json.field("tilejson", "3.0.0")
            json.field("name", basemap.metadata.name ?? "Basemap")
            json.field("attribution", basemap.metadata.attribution ?? "")
            json.field("scheme", "xyz")
            json.field("format", header.kind.format)
            json.array("tiles", of: ["\(origin)/basemap/{z}/{x}/{y}?v=\(basemap.file.version)"]) { $0.value($1) }
            json.field("minzoom", header.zooms.lowerBound)
            json.field("maxzoom", header.zooms.upperBound)
            json.array("bounds", of: header.bounds) { $0.value($1) }
            json.array("center", of: header.center) { $0.value($1) }
            json.array("vector_layers", of: basemap.metadata.layers) { json, layer in
                json.object { json in
                    json.field("id", layer.id)
                    json.field("description", layer.description ?? "")
                    json.field("minzoom", layer.minzoom ?? header.zooms.lowerBound)
                    json.field("maxzoom", layer.maxzoom ?? header.zooms.upperBound)
                    json.object("fields") { json in
                        for (name, kind) in layer.fields.sorted(by: { $0.key < $1.key }) { json.field(name, kind) }
                    }
                }
            }
        }
        return json.response(to: request)
    }

    @Sendable private func tile(_ request: Request, _ context: ClientContext) async throws -> Response {
        var parameters = QueryParameters(request.uri.query, known: ["v"])
        let address = TileRoute.address(context.parameters, &parameters)
        try parameters.check()
        guard let basemap else { throw Self.missing }
        guard let address else { throw Problem.fault }
        var headers: HTTPFields = [.cacheControl: Self.caching, .vary: "Accept-Encoding"]
        guard let tile = try await basemap.file.tile(z: address.z, x: address.x, y: address.y) else {
            return Response(status: .noContent, headers: headers)
        }
        let accepted = request.headers.combined(.acceptEncoding)
        let coding = try basemap.file.header.tileCoding.sent(to: accepted)
        let tag = "\"\(ContentTag.of(tile))\(coding.map { "-\($0)" } ?? "")\""
        headers[.eTag] = tag
        if EntityTag.isKnown(tag, ifNoneMatch: request.headers.combined(.ifNoneMatch)) {
            return Response(status: .notModified, headers: headers)
        }
        headers[.contentType] = basemap.file.header.kind.mediaType
        if let coding { headers[.contentEncoding] = coding }
        let isUnpacked = coding == nil && basemap.file.header.tileCoding == .gzip
        let body = isUnpacked ? try Gzip.decompress(tile, limit: PMTilesFile.largestPlainTile) : tile
        return Response(status: .ok, headers: headers, body: .init(byteBuffer: body))
    }
}

extension PMTilesHeader.Coding {
    /// The content coding with which a tile is sent; `nil` for a tile that is not compressed. Only gzip is taken off
    /// for who does not accept it.
    /// - Parameter accepted: The `Accept-Encoding` of the client.
    /// - Throws: ``Problem`` 406 for a client that accepts the tiles in no form that they can be sent in.
    fileprivate func sent(to accepted: String?) throws(Problem) -> String? {
        let name: String
        switch self {
        case .none: return nil
        case .gzip: return AcceptEncoding.prefersGzip(accepted) ? "gzip" : nil
        case .brotli: name = "br"
        case .zstandard: name = "zstd"
        }
        guard QualityList.entries(accepted ?? "").contains(where: { $0.value == name && $0.quality > 0 }) else {
            throw Problem(
                status: .notAcceptable,
                detail: "The tiles of this basemap are compressed with \(name): accept it with Accept-Encoding.")
        }
        return name
    }
}

extension PMTilesHeader.Kind {
    fileprivate var mediaType: String {
        switch self {
        case .vector: "application/vnd.mapbox-vector-tile"
        case .png: "image/png"
        case .jpeg: "image/jpeg"
        case .webp: "image/webp"
        case .avif: "image/avif"
        }
    }

    /// The name of the format as map libraries write it.
    fileprivate var format: String {
        switch self {
        case .vector: "pbf"
        case .png: "png"
        case .jpeg: "jpg"
        case .webp: "webp"
        case .avif: "avif"
        }
    }
}
