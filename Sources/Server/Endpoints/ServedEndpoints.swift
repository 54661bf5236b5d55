import Accounts
import HTTPTypes
import Reports
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
            catalogue: catalogue, polygons: sources.polygons, timeout: configuration.requestTimeout,
            hasLimits: files != nil)
        let types = EventTypes(sources.events)
        let areas = sources.areas.map { AreaCatalogue($0.repository, version: $0.version) }
        let events = EventsRoute(lists: lists, events: sources.events, types: types, areas: areas).respond
        var parts = sources.health
        if let accounts = sources.accounts { parts.append(RightsHealth(access: accounts.access)) }
        let health = HealthRoutes(repositories: parts)
        let basemap = BasemapRoutes(basemap: configuration.basemapFile)
        var all: [Endpoint] = [
            .get("/v1/tiles/{z}/{x}/{y}.mvt", .reader, cost: .tile, tile),
            .get("/tiles/{z}/{x}/{y}.mvt", .reader, cost: .tile, tile),
            .get(
                "/v1/tiles.json", .reader,
                TileJSONRoute(
                    catalogue: catalogue, basemap: configuration.basemap, basemapTiles: basemap,
                    hasLimits: files != nil, canSignIn: sources.accounts?.tokens != nil
                ).respond),
            .get("/v1/styles/risk.json", .reader, MapStyleRoute(catalogue: catalogue).respond),
            .get("/v1/styles/risk.qml", .reader, LayerStyleRoute(catalogue: catalogue, features: .risk).respond),
            .get(
                "/v1/styles/hotspots.qml", .reader,
                LayerStyleRoute(catalogue: catalogue, features: .hotspots).respond),
            .get(
                "/v1/embed", .reader,
                EmbedRoute(catalogue: catalogue, parents: configuration.embedOrigins, hasPages: files != nil).respond),
            .get("/v1/datasets", .reader, DatasetsRoute(catalogue: catalogue).respond),
            .query(
                "/v1/hotspots", .reader, cost: .units(5),
                TopCellsRoute(lists: lists, topCells: sources.topCells).respond),
            .get(
                "/v1/comparison", .reader, cost: .units(5),
                ComparisonRoute(lists: lists, comparison: sources.comparison).respond),
            .query(
                "/v1/outlook", .reader, cost: .page,
                OutlookRoute(lists: lists, outlooks: sources.outlooks, isOfSpots: false).respond),
            .query(
                "/v1/outlook/hotspots", .reader, cost: .page,
                OutlookRoute(lists: lists, outlooks: sources.outlooks, isOfSpots: true).respond),
            .get(
                "/v1/outlook/evaluation", .reader, cost: .units(5),
                EvaluationRoute(catalogue: catalogue, outlooks: sources.outlooks).respond),
            .query("/v1/risk/{date}", .reader, RiskRoute(lists: lists, risk: sources.risk).respond),
            .get("/v1/cells/{h3}", .reader, CellRoute(lists: lists, risk: sources.risk).respond),
            .query("/v1/events", .role(.analyst), events),
            .query("/v1/crimes", .role(.analyst), events),
            .get(
                "/v1/event-types", .reader, cost: .units(5),
                EventTypesRoute(lists: lists, events: sources.events).respond),
            .query(
                "/v1/stats", .reader, cost: .units(5),
                StatsRoute(lists: lists, events: sources.events, types: types).respond),
            .get("/v1/changes", .reader, ChangesRoute(catalogue: catalogue, feed: sources.changes).respond),
            .get("/v1/health/live", .open, cost: .free, health.live),
            .get("/v1/health/ready", .open, cost: .free, health.ready),
        ]
        all +=
            OGCRoutes(
                catalogue: catalogue, risk: sources.risk, topCells: sources.topCells, outlooks: sources.outlooks,
                events: sources.events, polygons: sources.polygons, types: types, areas: areas,
                hasLimits: files != nil
            ).endpoints
        if let areas {
            let common = AreaAnswers(catalogue: catalogue, areas: areas, types: types, answers: sources.answers)
            all += AreaRoutes(lists: lists, common: common).endpoints
            let tiles = AreaTileRoute(tiles: tiles.route(sources.tiles), areas: areas, types: types)
            all.append(.get("/v1/tiles/areas/{layer}/{z}/{x}/{y}.mvt", .reader, cost: .tile, tiles.respond))
        }
        all +=
            ReportRoutes(
                catalogue: catalogue,
                gatherer: ReportGatherer(
                    outlooks: sources.outlooks, events: sources.events, risk: sources.risk,
                    topCells: sources.topCells, areas: sources.areas?.repository),
                areas: sources.areas?.version, answers: sources.answers, drawing: DrawingThreads(),
                hasLimits: files != nil
            ).endpoints
        all += basemap.endpoints
        all += AnalyticsRoutes(catalogue: catalogue, runs: sources.runs).endpoints
        var ingestion: IngestRoutes?
        if let ingest = sources.ingest {
            let routes = IngestRoutes(
                catalogue: catalogue, records: ingest.records, service: ingest.service,
                spool: UploadSpool(configuration), timeout: configuration.ingestTimeout)
            all += routes.endpoints
            ingestion = routes
        }
        if let expenditures = sources.expenditures {
            let known = ExpenditureCatalogue(catalogue: catalogue, expenditures: expenditures)
            all += ExpenditureRoutes(lists: lists, known: known).endpoints
            if let spending = sources.spending {
                let common = SpendingAnswers(known: known, spending: spending, answers: sources.answers)
                all += SpendingRoutes(common: common).endpoints
                all += SpendingPlaceRoutes(common: common, areas: areas, basemap: basemap).endpoints
            }
            all += IngestionRoutes(known: known, ingest: ingestion, feeds: sources.feeds).endpoints
        }
        if let feeds = sources.feeds {
            all += FeedRoutes(catalogue: catalogue, feeds: feeds).endpoints
        }
        if let quality = sources.quality {
            let route = QualityRoute(catalogue: catalogue, quality: quality)
            all.append(.get("/v1/datasets/{slug}/quality", .role(.analyst), cost: .units(5), route.respond))
        }
        if let lineage = sources.lineage {
            let route = EventRoute(catalogue: catalogue, lineage: lineage)
            all.append(.get("/v1/events/{id}", .role(.analyst), route.respond))
        }
        if let alerts = sources.alerts {
            all.append(
                .get("/v1/alerts", .role(.analyst), AlertsRoute(catalogue: catalogue, alerts: alerts).respond))
        }
        if let models = sources.models {
            all +=
                ModelRoutes(catalogue: catalogue, models: models.repository, predictor: models.predictor).endpoints
        }
        if let administration = sources.administration {
            all +=
                DatasetRoutes(catalogue: catalogue, administration: administration, accounts: sources.accounts)
                .endpoints
        }
        if let caches = sources.caches {
            let route = CacheRoute(catalogue: catalogue, caches: caches)
            for (path, handler) in [("/v1/cache", route.forget), ("/v1/cache/clear", route.clear)] {
                all.append(Endpoint(path, cost: .units(100), [.delete: .init(rule: .role(.admin), handler: handler)]))
            }
        }
        if let accounts = sources.accounts { all += AuthRoutes(accounts).endpoints }
        if let system = sources.system {
            all +=
                SystemRoutes(
                    checks: health.checks, repository: system.repository, feeds: sources.feeds, version: system.version
                ).endpoints
        }
        if configuration.servesMetrics {
            all.append(.get(MetricsRoute.path, .open, cost: .free, MetricsRoute(text: sources.metrics).respond))
        }
        if let files {
            let page = StaticRoute(files: files, configuration).respond
            all += ["/", "/docs", "/openapi.json", "/**"].map { .get($0, .open, cost: .free, page) }
            all.append(.get("/spending", .open, cost: .free, page))
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
