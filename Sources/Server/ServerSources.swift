package import Breaker
package import Domain
package import Limits
package import Spending
package import Tiles

/// The stores and services that answers come from.
package struct ServerSources: Sendable {
    package var datasets: any DatasetRepository
    package var risk: any RiskRepository
    package var topCells: any TopCellRepository
    package var comparison: any ComparisonRepository
    package var outlooks: any OutlookRepository
    package var events: any EventRepository
    package var polygons: any DrawnPolygonRepository
    package var runs: any RunRepository
    /// Ingests files and reads batches; without it those routes do not exist.
    package var ingest: (records: any IngestRepository, service: any IngestService)?
    /// The feeds that this server knows; without them those routes do not exist.
    package var feeds: (any FeedRepository)?
    /// The quality of datasets and the lineage of events; without them those routes do not exist.
    package var quality: (any QualityRepository)?
    package var lineage: (any LineageRepository)?
    /// The expenditures of datasets that hold them; without them those routes do not exist.
    package var expenditures: (any ExpenditureRepository)?
    /// The alerts; without them that route does not exist.
    package var alerts: (any AlertRepository)?
    /// The models of expenditures, and what answers by them; without them those routes do not exist.
    package var models: (repository: any ModelRepository, predictor: any PaymentPredictor)?
    package var tiles: any TileSource
    /// Changes datasets; without it nobody can.
    package var administration: (any DatasetAdministration)?
    /// Makes all servers forget tiles.
    package var caches: (any TileCaches)?
    package var health: [any HealthRepository]
    /// The state of services beside the checks, and the version of this server; without it their routes do not exist.
    package var system: (repository: any SystemRepository, version: String)?
    package var generation: CurrentGeneration
    /// The buckets that all servers share; by default each server counts for itself.
    package var rates: (any RateBuckets)?
    /// Counts the tiles that are requested; by default nothing is counted.
    package var demand: TileDemand?
    /// The layers of areas with the version that follows them, and where answers about them are kept.
    package var areas: (repository: any AreaRepository, version: AreaVersion)?
    /// The changes of what is served; one that nobody tells anything has none.
    package var changes: ChangeFeed
    /// The figures of expenditures; without them those routes do not exist.
    package var spending: (any SpendingRepository)?
    package var answers: AnswerCache
    /// The accounts and the audit log; without them nobody has a right to anything that is not public.
    package var accounts: AccountSources?
    /// The log of the database's outages; by default the catalogue of datasets logs them by itself.
    package var outages: OutageLog?
    /// The metrics of this process in Prometheus' text format.
    package var metrics: @Sendable () -> String

    package init(
        datasets: any DatasetRepository, risk: any RiskRepository, topCells: any TopCellRepository,
        comparison: any ComparisonRepository,
        outlooks: any OutlookRepository, events: any EventRepository, polygons: any DrawnPolygonRepository,
        runs: any RunRepository,
        ingest: (records: any IngestRepository, service: any IngestService)? = nil,
        feeds: (any FeedRepository)? = nil, quality: (any QualityRepository)? = nil,
        lineage: (any LineageRepository)? = nil, expenditures: (any ExpenditureRepository)? = nil,
        alerts: (any AlertRepository)? = nil,
        models: (repository: any ModelRepository, predictor: any PaymentPredictor)? = nil,
        tiles: any TileSource,
        administration: (any DatasetAdministration)? = nil, caches: (any TileCaches)? = nil,
        health: [any HealthRepository],
        system: (repository: any SystemRepository, version: String)? = nil,
        generation: CurrentGeneration, rates: (any RateBuckets)? = nil, demand: TileDemand? = nil,
        areas: (repository: any AreaRepository, version: AreaVersion)? = nil,
        spending: (any SpendingRepository)? = nil,
        answers: AnswerCache = AnswerCache(shared: nil), accounts: AccountSources? = nil, outages: OutageLog? = nil,
        changes: ChangeFeed = ChangeFeed(),
        metrics: @escaping @Sendable () -> String
    ) {
        self.datasets = datasets
        self.risk = risk
        self.topCells = topCells
        self.comparison = comparison
        self.outlooks = outlooks
        self.events = events
        self.polygons = polygons
        self.runs = runs
        self.ingest = ingest
        self.feeds = feeds
        self.quality = quality
        self.lineage = lineage
        self.expenditures = expenditures
        self.alerts = alerts
        self.models = models
        self.tiles = tiles
        self.administration = administration
        self.caches = caches
        self.health = health
        self.system = system
        self.generation = generation
        self.rates = rates
        self.demand = demand
        self.areas = areas
        self.changes = changes
        self.spending = spending
        self.answers = answers
        self.accounts = accounts
        self.outages = outages
        self.metrics = metrics
    }
}
