import Accounts
import Hummingbird

/// The router with every route and its middlewares.
/// - Throws: ``RouteWithoutRule`` for a route without an access rule.
func buildRouter(
    _ configuration: ServerConfiguration, sources: ServerSources, tiles: TileParts, observer: RequestObserver,
    limiter: RateLimiter, watch: RightsWatch, access: AccessVersion, files: StaticFiles?
) throws -> Router<ClientContext> {
    let router = Router(context: ClientContext.self, options: .autoGenerateHeadEndpoints)
    router.add(middleware: ObservingMiddleware(observer: observer))
    router.add(middleware: ProblemMiddleware())
    router.add(middleware: MethodMiddleware(crossOrigin: configuration.arrival.crossOrigin))
    router.add(
        middleware: AccessMiddleware(
            authenticator: Authenticator(sources.accounts), catalogue: tiles.catalogue, access: access, watch: watch,
            audit: sources.accounts?.audit, limiter: limiter))
    router.add(middleware: RateLimitMiddleware(limiter: limiter))

    let routes = Routes(
        router: router, timeout: configuration.requestTimeout, bodyTimeout: configuration.headTimeout, watch: watch)
    let catalogue = tiles.catalogue
    let tileRoute = tiles.route(sources.tiles)
    routes.get("/v1/tiles/{z}/{x}/{y}.mvt", tileRoute.respond)
    routes.get("/tiles/{z}/{x}/{y}.mvt", tileRoute.respond)
    routes.get(
        "/v1/tiles.json",
        TileJSONRoute(catalogue: catalogue, basemap: configuration.basemap).respond)
    routes.get("/v1/datasets", DatasetsRoute(catalogue: catalogue).respond)
    let lists = ListAnswerer(
        catalogue: catalogue, areas: sources.areas, timeout: configuration.requestTimeout)
    routes.query("/v1/hotspots", HotspotsRoute(lists: lists, hotspots: sources.hotspots).respond)
    routes.query("/v1/risk/{date}", RiskRoute(lists: lists, risk: sources.risk).respond)
    routes.get("/v1/cells/{h3}", CellRoute(lists: lists, risk: sources.risk).respond)
    routes.query("/v1/events", EventsRoute(lists: lists, events: sources.events).respond)
    routes.query("/v1/stats", StatsRoute(lists: lists, events: sources.events).respond)
    OGCRoutes(
        catalogue: catalogue, risk: sources.risk, hotspots: sources.hotspots, events: sources.events,
        areas: sources.areas
    ).add(to: routes)
    AnalyticsRoutes(catalogue: catalogue, runs: sources.runs).add(to: routes)
    if let ingest = sources.ingest {
        let room = UploadRoom(
            UploadRoom.Limits(
                atOnce: configuration.maximumUploads.all, each: configuration.maximumUploads.each,
                bytes: configuration.uploadDiskBytes),
            folder: configuration.spoolFolder)
        IngestRoutes(
            catalogue: catalogue, records: ingest.records, service: ingest.service,
            spool: UploadSpool(
                limit: configuration.maximumUploadBytes, slowest: configuration.slowestUpload, room: room,
                folder: configuration.spoolFolder),
            timeout: configuration.ingestTimeout
        ).add(to: routes)
    }
    if let administration = sources.administration {
        DatasetRoutes(catalogue: catalogue, administration: administration).add(to: routes)
    }
    if let caches = sources.caches {
        routes.on("/v1/cache", [(.delete, CacheRoute(catalogue: catalogue, caches: caches).forget)])
    }
    if let accounts = sources.accounts {
        AuthRoutes(accounts).add(to: routes)
    }
    let health = HealthRoutes(repositories: sources.health)
    routes.get("/v1/health/live", health.live)
    routes.get("/v1/health/ready", health.ready)
    if configuration.servesMetrics {
        routes.get(RouterPath(MetricsRoute.path), MetricsRoute(text: sources.metrics).respond)
    }
    if let files {
        let page = StaticRoute(files: files, policy: ContentPolicy(basemap: configuration.basemap))
        for path in ["/", "/docs", "/openapi.json", "/**"] { routes.get(RouterPath(path), page.respond) }
    }
    try AccessRules.check(router)
    return router
}
