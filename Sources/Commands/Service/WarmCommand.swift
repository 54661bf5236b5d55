import ArgumentParser
import Domain
import Logging
import Redis
import Storage
import Tiles

struct WarmCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "warm",
        abstract: "Make tiles in advance and store them in the servers' Redis.",
        discussion: """
            The tiles are those of one day with all levels at the usual resolutions, or with --most-asked those that \
            were requested most in the last hour from servers with tile_warm. Run it after `hextant refresh`. Use the \
            servers' own settings: tiles are cached per setting.
            """)

    @Option(help: "Slug of the dataset.", transform: Slug.argument) var dataset: Slug?
    @Option(help: "How many of the tiles that were requested most in the last hour, 1 to 10000.") var mostAsked: Int?
    @Option(help: "Zoom levels, such as 10 or 8-12, each 0 to 22. Default: 0-12.") var zooms: String?
    @Option(help: "Box west,south,east,north in degrees. Default: around all served cells of the dataset.")
    var bbox: String?
    @Option(help: "Day, such as 2021-12-31. Default: the last scored day.") var date: String?
    @Option(help: "URL of Redis. [HEXTANT_REDIS_URL]") var redisURL: String?
    @Option(help: "How many tiles to make at the same time, 1 to 64.") var width = 4
    @OptionGroup var database: DatabaseOptions
    @OptionGroup var output: OutputOptions

    private struct Outcome: Encodable {
        let tiles: Int
        let empty: Int
        let seconds: Double
    }

    func run() async throws {
        let settings = try database.settings()
        let sql = try Installation.find().sql()
        let logger = Logger(label: "hextant") { _ in SwiftLogNoOpLogHandler() }
        let redis = try RedisClient(
            configuration: RedisConfiguration(url: settings.required(.redisURL, flag: redisURL)), logger: logger)
        let pool = ReadPool(try database.postgres(), capacity: width, statementTimeout: .seconds(60))
        let generation = CurrentGeneration()
        let stale = try settings.number(.tileStale, flag: nil, in: 0...604_800, default: 3600)
        let timeToLive = try settings.number(.tileTTL, flag: nil, in: 1...86400, default: 300)
        let tiles = RedisTileTier(
            redis, above: PostGISTileSource(pool, sql: sql), generation: generation,
            timeToLive: .seconds(max(timeToLive, stale)), logger: logger)
        let warmer = TileWarmer(
            DatasetStore(pool, sql: sql), tiles: tiles, resolutions: try ResolutionByZoom(settings, flag: nil),
            cellLimit: try settings.number(.tileCells, flag: nil, in: 100...100_000, default: TileKey.usualCellLimit))
        do {
            // Without Redis every tile would be made in vain.
            try await redis.ping()
            try await warm(warmer, RedisDemand(redis))
        } catch {
            await redis.close()
            await pool.close()
            throw error
        }
        await redis.close()
        await pool.close()
    }

    private func warm(_ warmer: TileWarmer, _ demand: RedisDemand) async throws {
        let began = ContinuousClock.now
        let line = ProgressLine()
        let done: TileWarmer.Outcome
        if let dataset {
            done = try await warmer.warm(
                dataset: dataset, day: try day(), zooms: try zoomRange(), box: try box(), width: width
            ) { done, all in
                line.show(share: Double(done) / Double(all), count: Int64(done), of: "tiles")
            }
        } else {
            let asked = try await demand.mostAsked(mostAsked ?? 0, at: .now)
            guard !asked.isEmpty else {
                throw TileWarmer.Fault(
                    "no server counted requested tiles in the last hour: set tile_warm for `hextant serve`")
            }
            done = try await warmer.warm(asked, width: width) { done in
                line.show(share: Double(done) / Double(asked.count), count: Int64(done), of: "tiles")
                return true
            }
        }
        line.finish()
        let outcome = Outcome(
            tiles: done.tiles, empty: done.empty, seconds: (ContinuousClock.now - began).inSeconds.rounded(to: 3))
        try output.print(
            outcome, summary: "\(outcome.tiles) tiles made, \(outcome.empty) of them empty, in \(outcome.seconds) s")
    }

    func validate() throws {
        guard (1...64).contains(width) else { throw ValidationError("--width must be from 1 to 64, not \(width)") }
        guard (dataset == nil) != (mostAsked == nil) else {
            throw ValidationError("give either --dataset or --most-asked")
        }
        if let mostAsked {
            guard (1...10_000).contains(mostAsked) else {
                throw ValidationError("--most-asked must be from 1 to 10000, not \(mostAsked)")
            }
            guard zooms == nil, bbox == nil, date == nil else {
                throw ValidationError("--zooms, --bbox and --date can only be used with --dataset")
            }
        }
        _ = try zoomRange()
        _ = try box()
        _ = try day()
    }

    private func zoomRange() throws -> ClosedRange<Int> {
        let zooms = zooms ?? "0-12"
        let ends = zooms.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
        guard let first = ends.first ?? nil, let last = ends.last ?? nil, ends.count <= 2, first <= last,
            (0...22).contains(first), (0...22).contains(last)
        else { throw ValidationError("--zooms is \"\(zooms)\": it must be such as 10 or 8-12, each 0 to 22") }
        return first...last
    }

    private func box() throws -> BoundingBox? {
        guard let bbox else { return nil }
        guard let box = BoundingBox(bbox) else {
            throw ValidationError("--bbox is \"\(bbox)\": it must be west,south,east,north in degrees")
        }
        return box
    }

    private func day() throws -> LocalDay? {
        guard let date else { return nil }
        guard let day = LocalDay(date) else {
            throw ValidationError("--date is \"\(date)\": it must be a date such as 2021-12-31")
        }
        return day
    }
}
