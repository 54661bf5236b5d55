package import Limits
package import Risk
package import Tiles

/// Where the answers come from.
package struct ServerSources: Sendable {
    package var datasets: any DatasetRepository
    package var risk: any RiskRepository
    package var hotspots: any HotspotRepository
    package var events: any EventRepository
    package var areas: any AreaRepository
    package var runs: any RunRepository
    /// What takes files in and tells of them; without it those addresses are not there.
    package var ingest: (records: any IngestRepository, service: any IngestService)?
    package var tiles: any TileSource
    /// What changes datasets; without it nobody can.
    package var administration: (any DatasetAdministration)?
    /// What has tiles forgotten everywhere.
    package var caches: (any TileCaches)?
    package var health: [any HealthRepository]
    package var generation: CurrentGeneration
    /// The buckets that all servers share; by default each counts for itself.
    package var rates: (any RateBuckets)?
    /// Where it is counted which tiles are asked for; by default nowhere.
    package var demand: TileDemand?
    /// Accounts and the audit log; without them nobody has a right to anything that is not public.
    package var accounts: AccountSources?
    /// The metrics of this process in Prometheus' text format.
    package var metrics: @Sendable () -> String

    package init(
        datasets: any DatasetRepository, risk: any RiskRepository, hotspots: any HotspotRepository,
        events: any EventRepository, areas: any AreaRepository, runs: any RunRepository,
        ingest: (records: any IngestRepository, service: any IngestService)? = nil, tiles: any TileSource,
        administration: (any DatasetAdministration)? = nil, caches: (any TileCaches)? = nil,
        health: [any HealthRepository],
        generation: CurrentGeneration, rates: (any RateBuckets)? = nil, demand: TileDemand? = nil,
        accounts: AccountSources? = nil,
        metrics: @escaping @Sendable () -> String
    ) {
        self.datasets = datasets
        self.risk = risk
        self.hotspots = hotspots
        self.events = events
        self.areas = areas
        self.runs = runs
        self.ingest = ingest
        self.tiles = tiles
        self.administration = administration
        self.caches = caches
        self.health = health
        self.generation = generation
        self.rates = rates
        self.demand = demand
        self.accounts = accounts
        self.metrics = metrics
    }
}
