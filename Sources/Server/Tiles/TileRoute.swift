import Accounts
import Domain
import HTTPTypes
import Hummingbird
import TileMath
import Tiles
import Web

/// Answers `/v1/tiles/{z}/{x}/{y}.mvt`: the cells of one or several days, and the events, as a vector tile.
struct TileRoute {
    private static let known = ["dataset", "date", "from", "to", "resolution", "level", "layers"]
    /// The rule for tiles with single events, whose places and times only analysts may see.
    static let ruleOfEvents = AccessRule.role(.analyst)

    let catalogue: DatasetCatalogue
    let tiles: any TileSource
    let book: TileAddressBook
    let caching: TileAnswer.Caching
    let sent: TileTraffic
    let demand: TileDemand?
    let resolutions: ResolutionByZoom
    let cellLimit: Int

    @Sendable func respond(_ request: Request, _ context: ClientContext) async throws -> Response {
        if context.principal.isAnonymous, let known = book.entry(request.uri.string), catalogue.holds(known) {
            let response = try await respond(request, known.key)
            // The meaning of the path, or the right to it, may have changed in the meantime.
            if catalogue.holds(known) {
                if let asked = known.asked { demand?.count(asked) }
                return response
            }
        }
        // Everything that the URL alone decides is checked before anything is looked up.
        var parameters = QueryParameters(request.uri.query, known: Self.known)
        let address = Self.address(context.parameters, &parameters)
        let slug = parameters.dataset()
        let date = parameters.namedDay("date")
        let resolution = parameters.resolution()
        let period = TilePeriod(&parameters)
        let levels = parameters.levels()
        let layers = parameters.layers(zoom: address?.z)
        try parameters.check()
        guard let address else { throw Problem.fault }
        if layers.contains(.events) { try context.need(Self.ruleOfEvents) }

        let found = try await catalogue.find(slug, for: context)
        let status = found.status
        let interval = try period?.days(of: status)
        // The last scored day is that of a URL without a date.
        let day = date == .latest ? nil : date?.day(of: status)
        let asked = TileRequest(
            dataset: status.dataset.slug, day: interval?.lowerBound ?? day, lastDay: interval?.upperBound,
            resolution: resolution, levels: levels, address: address)
        guard var key = try asked.key(status, resolutions: resolutions, cellLimit: cellLimit) else {
            return TileAnswer.empty(caching).response()
        }
        key.layers = layers
        // Tiles with small counts are not made in advance.
        let isShared = key.disclosure == status.dataset.disclosure
        if layers == .risk, isShared { demand?.count(asked) }
        // A client that sends a remembered URL is answered without looking at credentials. Yesterday is remembered for
        // nobody, since it is another day tomorrow.
        let movesWithTheClock = date?.movesWithTheClock ?? false || period?.movesWithTheClock ?? false
        if context.principal.isAnonymous, !movesWithTheClock {
            let entry = TileAddressBook.Entry(
                key: key, dataset: slug, version: found.version, route: context.endpointPath ?? "none",
                asked: demand == nil ? nil : asked)
            book.remember(request.uri.string, entry)
        }
        return try await respond(request, key)
    }

    private func respond(_ request: Request, _ key: TileKey) async throws -> Response {
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
