import Accounts
import HTTPTypes
import Hummingbird
import Risk
import TileMath
import Tiles

/// `/v1/tiles/{z}/{x}/{y}.mvt`: the cells of one day as a vector tile.
struct TileRoute {
    let catalogue: DatasetCatalogue
    let tiles: any TileSource
    let book: TileAddressBook
    let caching: TileAnswer.Caching
    let sent: TileTraffic
    let resolutions: ResolutionByZoom
    let cellLimit: Int

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

        // Whoever sends an address that is remembered is answered without being asked who they are.
        let edition = context.principal.isAnonymous ? catalogue.currentEdition : nil
        let status = try await catalogue.dataset(slug, for: context.principal)
        let usual = resolutions.resolution(zoom: address.z)
        guard let resolution = try status.resolution(asked: resolution, usual: usual),
            let days = status.days, case let day = day ?? days.upperBound, days.contains(day)
        else { return TileAnswer.empty(caching).response() }
        let key = TileKey(
            dataset: status.dataset.slug, day: day, resolution: resolution, levels: levels, cellLimit: cellLimit,
            address: address)
        if let edition {
            let entry = TileAddressBook.Entry(key: key, route: context.endpointPath ?? "none")
            book.remember(request.uri.string, entry, edition: edition)
        }
        let answer = try TileAnswer(
            try await tiles.tile(key),
            sendsGzip: AcceptEncoding.prefersGzip(request.headers.combined(.acceptEncoding)),
            ifNoneMatch: request.headers.combined(.ifNoneMatch), caching: caching)
        if request.method != .head { sent.count(answer.body) }
        return answer.response()
    }

    private static func address(_ path: Parameters, _ parameters: inout QueryParameters) -> TileAddress? {
        do {
            return try TileAddress(pathZ: path["z"] ?? "", x: path["x"] ?? "", y: path["y"] ?? "")
        } catch {
            parameters.reject(error.field.rawValue, error.reason)
            return nil
        }
    }
}
