import Accounts
import HTTPTypes
import Web

extension Endpoints {
    /// The endpoints of a server with these parts. Without a part, such as accounts, its endpoints are missing.
    /// - Throws: ``EndpointFault``.
    init(
        _ configuration: ServerConfiguration, _ sources: ServerSources, _ tiles: TileParts, _ files: StaticFiles?
    ) throws(EndpointFault) {
        let catalogue = tiles.catalogue
        let tile = tiles.route(sources.tiles).respond
        let lists = ListAnswerer(
            catalogue: catalogue, polygons: sources.polygons, timeout: configuration.requestTimeout)
        let types = EventTypes(sources.events)
        var parts = sources.health
        if let accounts = sources.accounts { parts.append(RightsHealth(access: accounts.access)) }
        let health = HealthRoutes(repositories: parts)
        var all: [Endpoint] = [
            .get("/v1/tiles/{z}/{x}/{y}.mvt", .reader, cost: .tile, tile),
            .get("/tiles/{z}/{x}/{y}.mvt", .reader, cost: .tile, tile),
            .get(
                "/v1/tiles.json", .reader,
                TileJSONRoute(
                    catalogue: catalogue, basemap: configuration.basemap, canSignIn: sources.accounts?.tokens != nil
                ).respond),
            .get("/v1/styles/risk.json", .reader, MapStyleRoute(catalogue: catalogue).respond),
            .get("/v1/styles/risk.qml", .reader, LayerStyleRoute(catalogue: catalogue, features: .risk).respond),
            .get(
                "/v1/styles/hotspots.qml", .reader,
                LayerStyleRoute(catalogue: catalogue, features: .hotspots).respond),
            .get("/v1/datasets", .reader, DatasetsRoute(catalogue: catalogue).respond),
            .query(
                "/v1/hotspots", .reader, cost: .units(5),
                TopCellsRoute(lists: lists, topCells: sources.topCells).respond),
            .query("/v1/risk/{date}", .reader, RiskRoute(lists: lists, risk: sources.risk).respond),
            .get("/v1/cells/{h3}", .reader, CellRoute(lists: lists, risk: sources.risk).respond),
            .query(
                "/v1/events", .role(.analyst),
                EventsRoute(lists: lists, events: sources.events, types: types).respond),
            .get(
                "/v1/event-types", .reader, cost: .units(5),
                EventTypesRoute(lists: lists, events: sources.events).respond),
            .query(
                "/v1/stats", .reader, cost: .units(5),
                StatsRoute(lists: lists, events: sources.events, types: types).respond),
            .get("/v1/health/live", .open, cost: .free, health.live),
            .get("/v1/health/ready", .open, cost: .free, health.ready),
        ]
        all +=
            OGCRoutes(
                catalogue: catalogue, risk: sources.risk, topCells: sources.topCells, events: sources.events,
                polygons: sources.polygons, types: types
            ).endpoints
        all += AnalyticsRoutes(catalogue: catalogue, runs: sources.runs).endpoints
        if let ingest = sources.ingest {
            all +=
                IngestRoutes(
                    catalogue: catalogue, records: ingest.records, service: ingest.service,
                    spool: UploadSpool(configuration), timeout: configuration.ingestTimeout
                ).endpoints
        }
        if let administration = sources.administration {
            all +=
                DatasetRoutes(catalogue: catalogue, administration: administration, accounts: sources.accounts)
                .endpoints
        }
        if let caches = sources.caches {
            let forget = CacheRoute(catalogue: catalogue, caches: caches).forget
            all.append(Endpoint("/v1/cache", cost: .units(100), [.delete: .init(rule: .role(.admin), handler: forget)]))
        }
        if let accounts = sources.accounts { all += AuthRoutes(accounts).endpoints }
        if configuration.servesMetrics {
            all.append(.get(MetricsRoute.path, .open, cost: .free, MetricsRoute(text: sources.metrics).respond))
        }
        if let files {
            let page = StaticRoute(files: files, policy: ContentPolicy(basemap: configuration.basemap)).respond
            all += ["/", "/docs", "/openapi.json", "/**"].map { .get($0, .open, cost: .free, page) }
        }
        try self.init(all)
    }
}

extension UploadSpool {
    fileprivate init(_ configuration: ServerConfiguration) {
        let room = UploadRoom(
            UploadRoom.Limits(
                atOnce: configuration.maximumUploads.all, each: configuration.maximumUploads.each,
                bytes: configuration.uploadDiskBytes),
            folder: configuration.spoolFolder)
        self.init(
            limit: configuration.maximumUploadBytes, slowest: configuration.slowestUpload, room: room,
            folder: configuration.spoolFolder)
    }
}
