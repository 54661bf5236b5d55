import HTTPTypes
import Hummingbird
import Risk
import TileMath
import Tiles

/// `/v1/tiles/{z}/{x}/{y}.mvt`: the cells of one day as a vector tile.
struct TileRoute {
    let catalogue: DatasetCatalogue
    let tiles: any TileSource
    let maxAge: Duration

    @Sendable func respond(_ request: Request, _ context: BasicRequestContext) async throws -> Response {
        // All that can be told from the address alone is told before anything is looked up.
        var parameters = QueryParameters(request.uri.query, known: ["dataset", "date", "resolution", "level"])
        let address = Self.address(context.parameters, &parameters)
        let slug = parameters.dataset()
        let day = parameters.day("date")
        let resolution = parameters.resolution()
        let levels = parameters.levels()
        try parameters.check()
        guard let address else { throw Problem.fault }

        let status = try await catalogue.dataset(slug, for: context.principal)
        let usual = ResolutionByZoom.resolution(zoom: address.z)
        guard let resolution = try status.resolution(asked: resolution, usual: usual),
            let days = status.days, case let day = day ?? days.upperBound, days.contains(day)
        else { return empty() }
        let key = TileKey(
            dataset: status.dataset.slug, day: day, resolution: resolution, levels: levels, address: address)
        return try response(try await tiles.tile(key), request)
    }

    private static func address(_ path: Parameters, _ parameters: inout QueryParameters) -> TileAddress? {
        do {
            return try TileAddress(pathZ: path["z"] ?? "", x: path["x"] ?? "", y: path["y"] ?? "")
        } catch {
            parameters.reject(error.field.rawValue, error.reason)
            return nil
        }
    }

    private func response(_ tile: Tile, _ request: Request) throws -> Response {
        if tile.isEmpty { return empty() }
        let sendsGzip = AcceptEncoding.prefersGzip(request.headers.combined(.acceptEncoding))
        let tag = sendsGzip ? "\"\(tile.tag)-gzip\"" : "\"\(tile.tag)\""
        var headers = commonHeaders
        headers[.eTag] = tag
        if EntityTag.isKnown(tag, ifNoneMatch: request.headers.combined(.ifNoneMatch)) {
            return Response(status: .notModified, headers: headers)
        }
        headers[.contentType] = "application/vnd.mapbox-vector-tile"
        if sendsGzip { headers[.contentEncoding] = "gzip" }
        return Response(
            status: .ok, headers: headers, body: .init(byteBuffer: sendsGzip ? tile.gzip : try tile.plain()))
    }

    private func empty() -> Response {
        Response(status: .noContent, headers: commonHeaders)
    }

    private var commonHeaders: HTTPFields {
        [.cacheControl: "public, max-age=\(maxAge.components.seconds)", .vary: "Accept-Encoding"]
    }
}
