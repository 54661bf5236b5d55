import Accounts
import ArgumentParser
import Domain
import Foundation
import Logging
import Metrics
import NIOCore
import Redis
import Server
import ServiceLifecycle
import Telemetry
import Tiles
import UnixSignals
import Web

struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Serve the map page, tiles and the API over HTTP.",
        discussion: """
            Every setting can be a flag, an environment variable or a key in a YAML file. A flag wins over the \
            environment, the environment over the file. Brackets show the variable and the default; the key in the \
            file is the variable's name in lower case without HEXTANT_. At SIGTERM the server answers the requests \
            under way and ends; at SIGHUP it reads its certificate again. With --check it says whether it would start, \
            and what it would warn of.
            """)

    @Flag(help: "Check the settings, the database and Redis, and end without serving.") var check = false

    @Option(help: "Address to listen on. [HEXTANT_HOST, 127.0.0.1]") var host: String?
    @Option(help: "Port to listen on, 0 for any. [HEXTANT_PORT, 8080]") var port: Int?
    @Option(help: "PEM file of a certificate; with it the server speaks HTTPS. [HEXTANT_TLS_CERTIFICATE, none]")
    var tlsCertificate: String?
    @Option(help: "PEM file of the certificate's key. [HEXTANT_TLS_KEY, none]") var tlsKey: String?
    @Option(help: "URL of a PostgreSQL replica that makes the tiles. [HEXTANT_DATABASE_REPLICA_URL, none]")
    var databaseReplicaURL: String?
    @Option(
        help:
            "URL of Redis, redis://[:password@]host[:port][/db]; none: no shared cache. [HEXTANT_REDIS_URL]"
    )
    var redisURL: String?
    @Option(help: "URL under which clients reach the server, for links. [HEXTANT_PUBLIC_URL, the Host header]")
    var publicURL: String?
    @Option(help: "Slug of the dataset for requests that name none. [HEXTANT_DEFAULT_DATASET, that with most events]")
    var defaultDataset: String?
    @Option(help: "Seconds that browsers and caches may keep a tile, 1 to 86400. [HEXTANT_TILE_TTL, 300]")
    var tileTTL: Int?
    @Option(
        help: "Seconds that an old tile may replace one that cannot be made, 0 to 604800. [HEXTANT_TILE_STALE, 3600]")
    var tileStale: Int?
    @Option(help: "Seconds that making a tile may take, 1 to 600. [HEXTANT_TILE_TIMEOUT, 15]") var tileTimeout: Int?
    @Option(help: "MiB of tiles kept in memory, 0 to 1000000. [HEXTANT_TILE_MEMORY, 64]") var tileMemory: Int?
    @Option(help: "How many of the most requested tiles to make after a refresh, 0 to 10000. [HEXTANT_TILE_WARM, 0]")
    var tileWarm: Int?
    @Option(
        help: "How many cells a tile may show, 100 to 100000; those with the highest risk. [HEXTANT_TILE_CELLS, 5000]")
    var tileCells: Int?
    @Option(help: "MiB of expenditures kept in memory, 1 to 1000000. [HEXTANT_SPENDING_MEMORY, 256]")
    var spendingMemory: Int?
    @Option(
        help: """
            H3 resolution of tiles from each zoom level up, e.g. 0=5,8=6. \
            [HEXTANT_RESOLUTION_BY_ZOOM, 0=5,8=6,10=7,11=8,13=9]
            """)
    var resolutionByZoom: String?
    @Option(help: "Database connections for reads, 1 to 500. [HEXTANT_DATABASE_CONNECTIONS, 8]")
    var databaseConnections: Int?
    @Option(help: "Seconds that a database statement may run, 1 to 600. [HEXTANT_STATEMENT_TIMEOUT, 10]")
    var statementTimeout: Int?
    @Option(help: "Seconds that an answer may take, 1 to 600. [HEXTANT_REQUEST_TIMEOUT, 30]") var requestTimeout: Int?
    @Option(help: "Seconds that a connection may be silent, 1 to 86400. [HEXTANT_IDLE_TIMEOUT, 60]")
    var idleTimeout: Int?
    @Option(help: "Seconds that the head of a request may take, 1 to 600. [HEXTANT_HEAD_TIMEOUT, 10]")
    var headTimeout: Int?
    @Option(
        help:
            "Close a connection when the client reads nothing for these seconds, 1 to 600. [HEXTANT_WRITE_TIMEOUT, 30]"
    )
    var writeTimeout: Int?
    @Option(help: "Log every Nth request; 1 logs all, 0 none, up to 1000000. [HEXTANT_ACCESS_LOG, 0]")
    var accessLog: Int?
    @Option(help: "How many connections may be open, 1 to 100000. [HEXTANT_MAXIMUM_CONNECTIONS, 4096]")
    var maximumConnections: Int?
    @Option(
        help: """
            How many connections one client address may have, up to 100000; 0 for no limit. \
            [HEXTANT_ADDRESS_CONNECTIONS, a quarter of the maximum, at least 64]
            """)
    var addressConnections: Int?
    @Option(help: "Log level: trace, debug, info, notice, warning or error. [HEXTANT_LOG_LEVEL, info]")
    var logLevel: String?
    @Flag(help: "For development: accept a weak token_secret, and make one up if none is set.") var dev = false
    @Option(help: "How many jobs this server does at a time, 0 to 64; 0 for none. [HEXTANT_WORKERS, 1]")
    var workers: Int?
    @OptionGroup var uploads: UploadOptions
    @OptionGroup var letters: LetterOptions
    @OptionGroup var web: WebOptions
    @OptionGroup var page: PageOptions
    @OptionGroup var jobs: JobOptions
    @OptionGroup var feeds: FeedOptions
    @OptionGroup var database: DatabaseOptions

    func run() async throws {
        Allocator.keepLittle()
        let settings = try database.settings(collectsFaults: true)
        let registry = PrometheusRegistry(help: MetricTexts.all)
        MetricsSystem.bootstrap(registry)
        let installation = try Installation.find()
        let spool = try SpoolFolder()
        defer { spool.remove() }
        let plan = try plan(settings, installation, spool)
        if check { return try await told(plan, installation) }
        let logger = try LogSettings(settings, level: logLevel).bootstrapped()
        logger.info("starting", metadata: plan.description)

        let stack = try ServingStack(plan, installation: installation, registry: registry, logger: logger)
        let inspected = await stack.inspection.outcome()
        inspected.write(to: logger)
        if let fault = inspected.fault {
            await stack.close()
            throw fault
        }
        let application = try buildApplication(plan.server, sources: stack.sources, logger: logger) { address in
            logger.info("serving", metadata: ["address": "\(address.map { "\($0)" } ?? "?")"])
        }
        var services: [any Service] =
            stack.services + [CertificateReloading(certificate: plan.server.certificate, logger: logger), application]
        if inspected.obstacle != nil {
            services.append(LateInspection(inspection: stack.inspection, logger: logger))
        }
        // Services end in the opposite order.
        services.append(stack.changes)
        let group = ServiceGroup(
            configuration: .init(
                services: services.map {
                    .init(service: $0, failureTerminationBehavior: .gracefullyShutdownGroup)
                },
                gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
        do {
            try await group.run()
        } catch let error as IOError where error.errnoCode == EADDRINUSE {
            await stack.close()
            throw AddressInUse(host: plan.server.host, port: plan.server.port)
        }
        await stack.close()
        logger.info("ended")
    }

    /// Prints whether a server with this plan would start, and what it would warn of.
    /// - Throws: ``ConfigurationError`` for a setting with which it would not start; `PostgresError` when the database
    ///   cannot say.
    func told(_ plan: ServingPlan, _ installation: Installation) async throws {
        let redis = try plan.redisURL.map { url in
            try RedisClient(
                configuration: RedisConfiguration(url: url),
                logger: Logger(label: "hextant") { _ in SwiftLogNoOpLogHandler() })
        }
        let outcome: SettingsInspection.Outcome
        do {
            outcome = await SettingsInspection(
                plan, sql: try installation.sql(), mappings: installation.mappings, redis: redis
            ).outcome()
            await redis?.close()
        } catch {
            await redis?.close()
            throw error
        }
        for warning in outcome.warnings { print("warning: \(warning)") }
        if let fault = outcome.fault { throw fault }
        if let obstacle = outcome.obstacle { throw obstacle }
        let count = outcome.warnings.count
        print(
            "The settings can be used\(count == 0 ? "" : count == 1 ? ", with a warning" : ", with \(count) warnings")")
    }

    /// The settings, checked.
    /// - Throws: ``ConfigurationError`` with everything that cannot be used.
    func plan(_ settings: Settings, _ installation: Installation, _ spool: SpoolFolder?) throws -> ServingPlan {
        func seconds(_ setting: Setting, _ flag: Int?, _ range: ClosedRange<Int>, _ fallback: Int) throws -> Duration {
            .seconds(try settings.number(setting, flag: flag, in: range, default: fallback))
        }
        func address(_ setting: Setting, _ flag: String?) throws -> String? {
            guard let text = settings.text(setting, flag: flag) else { return nil }
            return try WebURL.isLink(text)
                ? text : settings.refuse(setting, flag: flag, "it \(WebURL.rule)", nil)
        }
        let usual = try settings.text(.defaultDataset, flag: defaultDataset).flatMap { text -> Slug? in
            try Slug(text) ?? settings.refuse(.defaultDataset, flag: defaultDataset, "it must be \(Slug.form)", nil)
        }
        let tileTTL = try seconds(.tileTTL, tileTTL, 1...86400, 300)
        let maximumConnections = try settings.number(
            .maximumConnections, flag: maximumConnections, in: 1...100_000, default: 4096)
        let plan = ServingPlan(
            databaseURL: try database.url(settings),
            databaseReplicaURL: try settings.postgresURL(.databaseReplicaURL, flag: databaseReplicaURL),
            redisURL: try redisURL(settings),
            databaseConnections: try settings.number(
                .databaseConnections, flag: databaseConnections, in: 1...500, default: 8),
            statementTimeout: try seconds(.statementTimeout, statementTimeout, 1...600, 10),
            tileTTL: tileTTL,
            tileStale: try seconds(.tileStale, tileStale, 0...604_800, 3600),
            tileTimeout: try seconds(.tileTimeout, tileTimeout, 1...600, 15),
            tileMemory: try settings.number(.tileMemory, flag: tileMemory, in: 0...1_000_000, default: 64) << 20,
            spendingMemory: try settings.number(
                .spendingMemory, flag: spendingMemory, in: 1...1_000_000, default: 256) << 20,
            tileWarm: try settings.number(.tileWarm, flag: tileWarm, in: 0...10_000, default: 0),
            jobSlots: try settings.number(.workers, flag: workers, in: 0...64, default: 1),
            schedules: try jobs.schedules(settings),
            feeds: try feeds.load(settings),
            feedAuthority: try feeds.authority(settings),
            jobPolicy: try jobs.policy(settings),
            live: try jobs.live(settings),
            letters: try letters.allowance(settings),
            viewMaxAge: try web.viewMaxAge(settings),
            datasetMetrics: try web.datasetMetrics(settings),
            tokens: try settings.collecting(nil) { try TokenSigner(settings, isDevelopment: dev) },
            server: ServerConfiguration(
                host: settings.text(.host, flag: host) ?? "127.0.0.1",
                port: try settings.number(.port, flag: port, in: 0...65535, default: 8080),
                certificate: try settings.collecting(nil) {
                    try ServerCertificate(settings, certificate: tlsCertificate, key: tlsKey)
                },
                publicURL: try address(.publicURL, publicURL),
                defaultDataset: usual,
                staticRoot: installation.pages,
                basemap: try page.basemap(settings), basemapOrigins: try page.basemapOrigins(settings),
                basemapFile: try page.basemapFile(settings), embedOrigins: try page.embedOrigins(settings),
                tileMaxAge: tileTTL,
                resolutions: try ResolutionByZoom(settings, flag: resolutionByZoom),
                tileCells: try settings.number(
                    .tileCells, flag: tileCells, in: 100...100_000, default: TileKey.usualCellLimit),
                requestTimeout: try seconds(.requestTimeout, requestTimeout, 1...600, 30),
                idleTimeout: try seconds(.idleTimeout, idleTimeout, 1...86400, 60),
                headTimeout: try seconds(.headTimeout, headTimeout, 1...600, 10),
                writeTimeout: try seconds(.writeTimeout, writeTimeout, 1...600, 30),
                maximumConnections: maximumConnections,
                addressConnections: try settings.number(
                    .addressConnections, flag: addressConnections, in: 0...100_000,
                    default: max(64, maximumConnections / 4)),
                maximumUploadBytes: try uploads.maximumBytes(settings),
                slowestUpload: try uploads.slowest(settings), maximumUploads: try uploads.atOnce(settings),
                uploadDiskBytes: try uploads.diskBytes(settings), ingestTimeout: try uploads.timeout(settings),
                spoolFolder: spool,
                arrival: try web.arrival(settings), limits: try web.limits(settings),
                accessLogSampling: try settings.number(.accessLog, flag: accessLog, in: 0...1_000_000, default: 0)))
        _ = try LogSettings(settings, level: logLevel)
        try settings.check()
        return plan
    }

    private func redisURL(_ settings: Settings) throws -> String? {
        guard let url = settings.text(.redisURL, flag: redisURL) else { return nil }
        return try settings.collecting(nil) {
            do {
                _ = try RedisConfiguration(url: url)
            } catch {
                throw ConfigurationError("redis_url: \(error)")
            }
            return url
        }
    }
}

/// Another program listens on the address and port.
struct AddressInUse: Error, CustomStringConvertible {
    let host: String
    let port: Int
    /// The option that names the port.
    var flag = "--port"

    var description: String {
        "port \(port) on \(host) is in use by another program: stop it, or choose another with \(flag)"
    }
}
