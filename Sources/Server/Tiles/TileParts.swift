import Logging
import Tiles
import Web

/// The parts that the route of tiles and its shortcut share.
struct TileParts {
    let catalogue: DatasetCatalogue
    private let resolutions: ResolutionByZoom
    private let cellLimit: Int
    private let book = TileAddressBook()
    private let caching: TileAnswer.Caching
    private let sent = TileTraffic()
    private let logger: Logger
    private let demand: TileDemand?

    init(_ configuration: ServerConfiguration, sources: ServerSources, logger: Logger) {
        catalogue = DatasetCatalogue(
            sources.datasets, generation: sources.generation, access: sources.accounts?.access,
            areas: sources.areas?.version, defaultSlug: configuration.defaultDataset,
            maxAge: configuration.datasetsMaxAge, outages: sources.outages, logger: logger)
        self.logger = logger
        resolutions = configuration.resolutions
        cellLimit = configuration.tileCells
        demand = sources.demand
        caching = TileAnswer.Caching(maxAge: configuration.tileMaxAge, staleAge: configuration.tileStaleAge)
    }

    func route(_ tiles: any TileSource) -> TileRoute {
        TileRoute(
            catalogue: catalogue, tiles: tiles, book: book, caching: caching, sent: sent, demand: demand,
            resolutions: resolutions, cellLimit: cellLimit)
    }

    func answerer(
        _ tiles: any TileSource, observer: RequestObserver, limiter: RateLimiter, arrival: ArrivalPolicy
    ) -> TileAnswerer {
        TileAnswerer(
            catalogue: catalogue, book: book, tiles: tiles, caching: caching, observer: observer, sent: sent,
            limiter: limiter, arrival: arrival, logger: logger, demand: demand)
    }
}
