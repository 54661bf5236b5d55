import ArgumentParser
import Connectors
import Domain
import Foundation
import Jobs
import Postgres
import Storage
import Work

struct FeedsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "feeds", abstract: "List, check and read feeds of open data.",
        discussion: """
            A feed is a file that says which source is read into which dataset. Without a folder of your own these \
            commands use the feeds that come with hextant; servers and workers read only those of your folder.
            """,
        subcommands: [List.self, Check.self, Run.self, Status.self])

    /// The folder of feeds, as all subcommands find it.
    struct Folder: ParsableArguments {
        @OptionGroup var options: FeedOptions

        /// All feeds, or those with the given names.
        /// - Throws: ``ConfigurationError`` for files that cannot be used, `ValidationError` for a name without a feed.
        func feeds(_ settings: Settings, _ installation: Installation, names: [String] = []) throws -> [Feed] {
            let folder = settings.text(.feeds, flag: options.feeds) ?? installation.feeds
            let all = try FeedOptions.feeds(in: folder)
            guard !names.isEmpty else { return all }
            return try names.map { name in
                guard let feed = all.first(where: { $0.name.text == name }) else {
                    let known = all.map(\.name.text)
                    let meant = Nearest.word(to: name, among: known).map { "; did you mean \"\($0)\"?" } ?? ""
                    throw ValidationError(
                        "there is no feed \"\(name)\"\(meant); the feeds are: \(known.joined(separator: ", "))")
                }
                return feed
            }
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "List the feeds, their sources and when they fall due.",
            discussion: "It reads the files alone, so it needs no database.")
        @OptionGroup var folder: Folder
        @Option(help: "YAML file with settings; docs/configuration.md lists the keys. [HEXTANT_CONFIG]")
        var config: String?
        @OptionGroup var output: OutputOptions

        private struct Line: Encodable {
            let feed: String
            let source: String
            let dataset: String
            let mapping: String
            let secrets: [String]
            let next: String?
        }

        func run() async throws {
            let feeds = try folder.feeds(try Settings(file: config), try Installation.find())
            let lines = feeds.map { feed in
                Line(
                    feed: feed.name.text, source: feed.kind, dataset: feed.dataset.text, mapping: feed.mapping,
                    secrets: feed.secrets, next: feed.schedule?.next(after: .now)?.wholeSeconds.description)
            }
            let summary = lines.map { line in
                "\(line.feed)  \(line.source) into \(line.dataset)  "
                    + (line.next.map { "next: \($0)" } ?? "read on request")
            }
            try output.print(
                ["feeds": lines], summary: lines.isEmpty ? "There are no feeds" : summary.joined(separator: "\n"))
        }
    }

    struct Status: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "status", abstract: "Show what is held of feeds, and how their last runs went.")
        @Argument(help: "Names of feeds. Default: all.") var names: [String] = []
        @OptionGroup var folder: Folder
        @OptionGroup var database: DatabaseOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            let installation = try Installation.find()
            let feeds = try folder.feeds(try database.settings(), installation, names: names)
            let sql = try installation.sql()
            let records = try await PostgresConnection.withConnection(try database.postgres()) { connection in
                try await FeedRecords(connection, sql: sql).status(of: feeds.map { ($0.name, $0.dataset) })
            }
            let lines = records.compactMap { record in
                feeds.first { $0.name == record.feed }.map { FeedLine(FeedStatus($0, record)) }
            }
            try output.print(
                ["feeds": lines],
                summary: lines.isEmpty ? "There are no feeds" : lines.map(\.summary).joined(separator: "\n"))
        }
    }
}

/// The state of a feed, as JSON and as text for people.
struct FeedLine: Encodable {
    struct Run: Encodable {
        let id: Int64
        let run: Int64?
        let trigger: String
        let state: String
        let error: String?
        let offered: Int
        let read: Int
        let requests: Int
        let accepted: Int
        let duplicate: Int
        let rejected: Int
        let removed: Int
        let findings: [String]
        let failures: [FeedRunRecord.Failure]
        let startedAt: String
        let finishedAt: String?
        let scoreRun: Int64?
    }

    let feed: String
    let source: String
    let dataset: String
    let mapping: String
    let next: String?
    let parts: Int
    let lastRead: String?
    let newestEvent: String?
    let accepted: Int
    let rejected: Int
    let lastSuccess: String?
    let lastRun: Run?

    init(_ status: FeedStatus) {
        let record = status.record
        feed = status.name.text
        source = status.source
        dataset = status.dataset.text
        mapping = status.mapping
        next = status.next?.wholeSeconds.description
        parts = record.parts
        lastRead = record.lastRead?.description
        newestEvent = record.newestEvent?.description
        accepted = record.accepted
        rejected = record.rejected
        lastSuccess = record.lastSuccess?.description
        lastRun = record.lastRun.map { run in
            Run(
                id: run.id, run: run.run, trigger: run.trigger, state: run.state.rawValue, error: run.error,
                offered: run.offered, read: run.read, requests: run.requests, accepted: run.accepted,
                duplicate: run.duplicate, rejected: run.rejected, removed: run.removed, findings: run.findings,
                failures: run.failures, startedAt: run.started.description, finishedAt: run.finished?.description,
                scoreRun: run.scoreRun)
        }
    }

    var summary: String {
        var lines = [
            "\(feed)  \(parts) parts held, \(accepted) rows accepted, \(rejected) rejected since ever; "
                + "last success: \(lastSuccess ?? "never"); next: \(next ?? "on request")"
        ]
        if let run = lastRun {
            let ended = run.error.map { "\(run.state): \($0)" } ?? run.state
            lines.append(
                "  run \(run.id) at \(run.startedAt): \(ended); \(run.read) parts read of \(run.offered), "
                    + "\(run.accepted) accepted, \(run.duplicate) known, \(run.rejected) rejected, "
                    + "\(run.removed) removed")
            lines += run.failures.map { "  failed: \($0.part): \($0.problem)" }
            lines += run.findings.map { "  note: \($0)" }
        }
        return lines.joined(separator: "\n")
    }
}
