import Accounts
import ArgumentParser
import Connectors
import Domain
import Foundation
import Logging
import Postgres
import Redis
import Storage

struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Check the installation: report what is wrong and what could be better.",
        discussion: "It changes nothing. The exit code is 1 when something is bad, and 0 with advice alone.")

    @Option(help: "URL of Redis. [HEXTANT_REDIS_URL]") var redisURL: String?
    @OptionGroup var database: DatabaseOptions
    @OptionGroup var output: OutputOptions

    private struct Line: Encodable {
        let part: String
        let grade: String
        let detail: String
        let advice: String?
    }

    func run() async throws {
        let settings = try database.settings()
        var findings = Self.files()
        findings += configuration()
        findings += Self.secret(settings)
        findings += await postgres(settings)
        findings += await datasets(settings)
        findings += await redis(settings)
        findings += await feeds(settings)
        let lines = findings.map { Line(part: $0.part, grade: $0.grade.rawValue, detail: $0.detail, advice: $0.advice) }
        try output.print(["findings": lines], summary: Self.summary(findings))
        // All findings are printed, so an error would only add a line without information.
        if findings.contains(where: { $0.grade == .bad }) { throw ExitStatus.failure }
    }

    private static func files() -> [Finding] {
        do {
            let installation = try Installation.find()
            _ = try installation.sql()
            let count = try installation.migrations().count
            let map = "\(installation.pages)/vendor/maplibre-gl.js"
            guard FileManager.default.fileExists(atPath: map) else {
                return [
                    Finding(
                        "files", .advice, "the map page has no MapLibre GL JS",
                        advice: "run `scripts/vendor` in a checkout, or install hextant again")
                ]
            }
            return [Finding("files", "complete, \(count) migrations")]
        } catch {
            return [Finding("files", .bad, "\(error)", advice: "set HEXTANT_HOME, or install hextant again")]
        }
    }

    private static func secret(_ settings: Settings) -> [Finding] {
        do {
            guard try TokenSigner(settings, isDevelopment: false) != nil else {
                return [
                    Finding(
                        "token_secret", .advice, "is not set: nobody can sign in with a password",
                        advice: "set HEXTANT_TOKEN_SECRET (`openssl rand -base64 32`) if users should sign in")
                ]
            }
            return [Finding("token_secret", "is set")]
        } catch {
            return [Finding("token_secret", .bad, "\(error)", advice: "make one with `openssl rand -base64 32`")]
        }
    }

    /// Checks every setting of a server, as `config check` does.
    private func configuration() -> [Finding] {
        do {
            _ = try ServeCommand.checkedSettings(config: database.config, databaseURL: database.databaseURL)
            return [Finding("configuration", "all settings can be used")]
        } catch {
            let faults = (error as? any SeveralLines)?.lines ?? ["\(error)"]
            return faults.map {
                Finding("configuration", .bad, $0, advice: "correct it; docs/configuration.md lists the settings")
            }
        }
    }

    /// Checks the settings that name datasets against the database.
    private func datasets(_ settings: Settings) async -> [Finding] {
        // A text that is no slug is a fault of the configuration.
        let name = settings.text(.defaultDataset, flag: nil).flatMap { Slug($0) }
        let schedules = settings.text(.schedules, flag: nil).flatMap { try? ScheduleFile(path: $0).schedules } ?? []
        guard let url = try? database.url(settings), let sql = try? Installation.find().sql() else { return [] }
        let options = PostgresOptions(url: url)
        let outcome = await SettingsInspection(options, sql: sql, defaultDataset: name, schedules: schedules).outcome()
        // Others say that the database is away.
        guard outcome.obstacle == nil else { return [] }
        var findings = outcome.warnings.map {
            Finding($0.setting, .advice, $0.text, advice: "correct \($0.setting), or add the dataset")
        }
        if let fault = outcome.fault {
            findings.append(
                Finding("default_dataset", .bad, "\(fault)", advice: "correct it: a server does not start with it"))
        } else if let name {
            if findings.allSatisfy({ $0.part != "default_dataset" }) {
                findings.append(Finding("default_dataset", "is \(name)"))
            }
        } else {
            findings.append(
                Finding(
                    "default_dataset", .advice, "is not set: the dataset with most events is shown first",
                    advice: "set HEXTANT_DEFAULT_DATASET if it should stay the same when others grow"))
        }
        if !schedules.isEmpty, findings.allSatisfy({ $0.part != "schedules" }) {
            findings.append(Finding("schedules", "\(schedules.count), whose datasets exist"))
        }
        return findings
    }

    /// Checks the feeds of a server: files, mappings, secrets and datasets, and how their last runs went.
    private func feeds(_ settings: Settings) async -> [Finding] {
        guard let folder = settings.text(.feeds, flag: nil) else {
            return [Finding("feeds", "none: the setting feeds is not set")]
        }
        // Files that cannot be read are faults of the configuration.
        guard let feeds = try? FeedOptions.feeds(in: folder), let installation = try? Installation.find() else {
            return []
        }
        let inspection = FeedInspection(feeds: feeds, mappings: installation.mappings)
        var faults = inspection.faults()
        var failing: [Finding] = []
        if let sql = try? installation.sql(), let options = try? database.postgres() {
            let found = try? await PostgresConnection.withConnection(options) { connection in
                let missing = try await inspection.datasets(DatasetStore(connection, sql: sql))
                let records = try await FeedRecords(connection, sql: sql).status(of: feeds.map { ($0.name, $0.dataset) })
                return (missing, records)
            }
            faults += found?.0 ?? []
            failing = found?.1.compactMap(Self.failure) ?? []
        }
        let bad = faults.map {
            Finding("feeds", .bad, "\($0)", advice: "correct it; `hextant feeds check \($0.feed)` asks its source, too")
        }
        if bad.isEmpty, failing.isEmpty { return [Finding("feeds", "\(feeds.count), which can be read")] }
        return bad + failing
    }

    /// The advice on a feed whose last run failed.
    private static func failure(_ record: FeedRecord) -> Finding? {
        guard let run = record.lastRun, run.state == .failed || !run.failures.isEmpty else { return nil }
        let problem = run.error ?? run.failures.first.map { "\($0.part): \($0.problem)" } ?? "unknown"
        return Finding(
            "feeds", .advice, "the last run of \(record.feed) failed: \(problem)",
            advice: "see `hextant feeds status \(record.feed)`")
    }

    private func postgres(_ settings: Settings) async -> [Finding] {
        do {
            var options = try database.postgres()
            options.statementTimeout = .seconds(30)
            let migrations = try Installation.find().migrations()
            return try await PostgresConnection.withConnection(options) {
                await DatabaseInspection($0, migrations: migrations).findings()
            }
        } catch {
            return [
                Finding("postgresql", .bad, "\(error)", advice: "start it, or correct HEXTANT_DATABASE_URL")
            ]
        }
    }

    private func redis(_ settings: Settings) async -> [Finding] {
        guard let url = settings.text(.redisURL, flag: redisURL) else {
            return [
                Finding(
                    "redis", .advice, "not set",
                    advice: "set HEXTANT_REDIS_URL if several servers should share tiles and rate limits")
            ]
        }
        do {
            var logger = Logger(label: "hextant")
            logger.logLevel = .critical
            let client = try RedisClient(configuration: RedisConfiguration(url: url), logger: logger)
            let findings = await RedisInspection(redis: client).findings()
            await client.close()
            return findings
        } catch {
            return [Finding("redis", .bad, "\(error)", advice: "correct HEXTANT_REDIS_URL")]
        }
    }

    private static func summary(_ findings: [Finding]) -> String {
        let marks: [Finding.Grade: String] = [.well: "  ok    ", .advice: "  advice", .bad: "  BAD   "]
        var lines = findings.flatMap { finding -> [String] in
            ["\(marks[finding.grade] ?? "") \(finding.part): \(finding.detail)"]
                + (finding.advice.map { ["           -> \($0)"] } ?? [])
        }
        let bad = findings.count { $0.grade == .bad }
        let advice = findings.count { $0.grade == .advice }
        lines.append("\(findings.count) checked, \(bad) bad, \(advice) with advice")
        return lines.joined(separator: "\n")
    }
}
