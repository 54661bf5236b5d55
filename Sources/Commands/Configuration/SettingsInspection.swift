import Domain
import Jobs
import Logging
import Postgres
import Redis
import Server
import ServiceLifecycle
import Storage

/// Compares settings with the database and Redis that they name, before a process serves or works with them.
struct SettingsInspection: Sendable {
    /// A setting that cannot be right, although a process can run with it.
    struct Warning: Hashable, Sendable, CustomStringConvertible {
        let setting: String
        let text: String

        var description: String { "\(setting): \(text)" }
    }

    struct Outcome: Sendable {
        fileprivate(set) var warnings: [Warning] = []
        /// A setting with which a server does not start.
        fileprivate(set) var fault: ConfigurationError?
        /// Why the database could not be asked: it is away, or has no schema yet.
        fileprivate(set) var obstacle: PostgresError?

        func write(to logger: Logger) {
            for warning in warnings {
                logger.warning("a setting cannot be right", metadata: ["setting": "\(warning)"])
            }
        }
    }

    private let options: PostgresOptions
    private let sql: SQLFiles
    private let defaultDataset: Slug?
    private let schedules: [JobSchedule]
    private let feeds: FeedInspection?
    private let redis: RedisClient?

    init(
        _ options: PostgresOptions, sql: SQLFiles, defaultDataset: Slug? = nil, schedules: [JobSchedule],
        feeds: FeedInspection? = nil, redis: RedisClient? = nil
    ) {
        var options = options
        options.statementTimeout = .seconds(10)
        self.options = options
        self.sql = sql
        self.defaultDataset = defaultDataset
        self.schedules = schedules
        self.feeds = feeds
        self.redis = redis
    }

    /// - Parameter mappings: Path of the folder of built-in mappings.
    init(_ plan: ServingPlan, sql: SQLFiles, mappings: String, redis: RedisClient?) {
        self.init(
            PostgresOptions(url: plan.databaseURL), sql: sql, defaultDataset: plan.server.defaultDataset,
            schedules: plan.schedules, feeds: FeedInspection(feeds: plan.feeds, mappings: mappings), redis: redis)
    }

    func outcome() async -> Outcome {
        var outcome = Outcome()
        if let redis {
            do {
                try await redis.ping()
            } catch {
                outcome.warnings.append(
                    Warning(
                        setting: "redis_url",
                        text:
                            "Redis does not answer (\(error)); until it does, tiles are cached in this server's memory "
                            + "only, and rate limits hold for this server alone"))
            }
        }
        outcome.warnings += feeds?.faults().map { Warning(setting: "feeds", text: "\($0)") } ?? []
        do {
            try await PostgresConnection.withConnection(options) { connection in
                try await compare(with: DatasetStore(connection, sql: sql), &outcome)
            }
        } catch let error as PostgresError {
            outcome.obstacle = error
        } catch {
            outcome.warnings.append(Warning(setting: "database_url", text: "\(error)"))
        }
        return outcome
    }

    private func compare(with store: DatasetStore, _ outcome: inout Outcome) async throws {
        var wanted = Set(schedules.compactMap(\.job.dataset))
        if let defaultDataset { wanted.insert(defaultDataset) }
        let missing = try await store.missing(of: wanted)
        for schedule in schedules {
            guard let dataset = schedule.job.dataset, missing.contains(dataset) else { continue }
            outcome.warnings.append(
                Warning(setting: "schedules", text: "\(schedule.name): there is no dataset \(dataset)"))
        }
        if let feeds {
            outcome.warnings += try await feeds.datasets(store).map { Warning(setting: "feeds", text: "\($0)") }
        }
        guard let defaultDataset else { return }
        if missing.contains(defaultDataset) {
            let meant = Nearest.word(
                to: defaultDataset.text, among: try await store.slugs(limit: 1000).map(\.text))
            outcome.fault = ConfigurationError(
                "default_dataset is \"\(defaultDataset)\": there is no such dataset"
                    + "\(meant.map { "; did you mean \"\($0)\"?" } ?? ": `hextant datasets list` lists them")")
        } else if try await store.dataset(defaultDataset).visibility == .private {
            outcome.warnings.append(
                Warning(
                    setting: "default_dataset",
                    text: "\(defaultDataset) is private: those who may not see it get 404 for what names no dataset"))
        }
    }
}

/// Compares settings with a database that was away when the process started, as soon as it is back.
struct LateInspection: Service {
    private static let pause = Duration.seconds(5)

    let inspection: SettingsInspection
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                try? await Task.sleep(for: Self.pause)
                let outcome = await inspection.outcome()
                // Others log that the database is away.
                if Task.isCancelled || outcome.obstacle != nil { continue }
                outcome.write(to: logger)
                if let fault = outcome.fault {
                    logger.error("a setting cannot be right", metadata: ["setting": "\(fault)"])
                }
                break
            }
        }
        // A service that returns ends its group.
        try? await gracefulShutdown()
    }
}
