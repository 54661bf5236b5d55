import Accounts
import Domain
import HTTPTypes
import Hummingbird
import TileMath
import Tiles
import Web

/// Answers `/v1/tiles/{z}/{x}/{y}.mvt`: the cells of one or several days, and the events, or an outlook, as a vector
/// tile.
struct TileRoute {
    private static let known =
        ["dataset", "date", "from", "to", "resolution", "level", "layers"] + OutlookParameters.ofTiles
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
        if let response = try await remembered(request, context) { return response }
        // Everything that the URL alone decides is checked before anything is looked up.
        var parameters = QueryParameters(request.uri.query, known: Self.known)
        let address = Self.address(context.parameters, &parameters)
        let slug = parameters.dataset()
        let date = parameters.namedDay("date")
        let resolution = parameters.resolution()
        let period = TilePeriod(&parameters)
        let levels = parameters.levels()
        let layers = parameters.layers(zoom: address?.z)
        let outlook = OutlookParameters(tile: &parameters, layers)
        try parameters.check()
        guard let address else { throw Problem.fault }
        if layers.contains(.events) { try context.need(Self.ruleOfEvents) }

        let found = try await catalogue.find(slug, for: context)
        let status = found.status
        if let outlook {
            try status.needEveryCount(for: "Outlooks")
            guard let key = try key(of: outlook, address, resolution, status) else {
                return TileAnswer.empty(caching).response()
            }
            if !outlook.movesWithTheClock {
                remember(request, context, key, dataset: slug, version: found.version)
            }
            return try await answer(request, key)
        }
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
        if !movesWithTheClock {
            remember(
                request, context, key, dataset: slug, version: found.version, asked: demand == nil ? nil : asked)
        }
        return try await answer(request, key)
    }

    /// The tile of a URL that was parsed before and still has the same meaning for an anonymous client.
    func remembered(_ request: Request, _ context: ClientContext) async throws -> Response? {
        guard context.principal.isAnonymous, let known = book.entry(request.uri.string), catalogue.holds(known) else {
            return nil
        }
        let response = try await answer(request, known.key)
        // The meaning of the path, or the right to it, may have changed in the meantime.
        guard catalogue.holds(known) else { return nil }
        if let asked = known.asked { demand?.count(asked) }
        return response
    }

    /// Remembers the meaning of the URL of an anonymous request.
    /// - Parameters:
    ///   - dataset: The dataset that the URL names; `nil` where it means the default one.
    ///   - version: The version of that dataset.
    ///   - asked: The tile to count when it is requested again.
    ///   - areas: The version of all areas with which the URL of a tile of areas was parsed.
    func remember(
        _ request: Request, _ context: ClientContext, _ key: TileKey, dataset: Slug?, version: UInt64,
        asked: TileRequest? = nil, areas: Int64? = nil
    ) {
        guard context.principal.isAnonymous else { return }
        let entry = TileAddressBook.Entry(
            key: key, dataset: dataset, version: version, route: context.endpointPath ?? "none", asked: asked,
            areas: areas)
        book.remember(request.uri.string, entry)
    }

    /// The key of a tile of an outlook; `nil` where there is none.
    private func key(
        of outlook: OutlookParameters, _ address: TileAddress, _ resolution: Int?, _ status: DatasetStatus
    ) throws -> TileKey? {
        _ = try status.dataset.types(of: outlook.kind)
        let usual = resolutions.resolution(zoom: address.z)
        guard let resolution = try status.resolution(asked: resolution, usual: usual),
            let asOf = outlook.day(of: status)
        else { return nil }
        return TileKey(
            dataset: status.dataset.slug, day: asOf, resolution: resolution, layers: .outlook,
            outlook: OutlookLayer(kind: outlook.kind, period: outlook.period, classes: outlook.classes),
            cellLimit: cellLimit, address: address, disclosure: status.disclosure)
    }

    func answer(_ request: Request, _ key: TileKey) async throws -> Response {
        let answer = try TileAnswer(
            try await tiles.tile(key),
            sendsGzip: AcceptEncoding.prefersGzip(request.headers.combined(.acceptEncoding)),
            ifNoneMatch: request.headers.combined(.ifNoneMatch), caching: caching)
        if request.method != .head { sent.count(answer.body) }
        return answer.response()
    }

    static func address(_ path: Parameters, _ parameters: inout QueryParameters) -> TileAddress? {
        do {
            return try TileAddress(pathZ: path["z"] ?? "", x: path["x"] ?? "", y: path["y"] ?? "")
        } catch {
            parameters.reject(error.field.rawValue, error.reason)
            return nil
        }
    }
}
