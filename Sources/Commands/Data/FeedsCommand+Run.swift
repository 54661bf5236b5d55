import ArgumentParser
import Connectors
import Domain
import Fetch
import Foundation
import Logging
import Postgres
import Redis
import Storage
import Web
import Work

extension FeedsCommand {
    struct Run: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "run", abstract: "Read what is not yet held of feeds, score it and refresh.",
            discussion: """
                Each read is one batch, stored together with what is held of the source. A part that fails leaves the \
                others alone; the next run tries it again. If a part failed, the exit code is 1.
                """)
        @Argument(help: "Names of feeds.") var names: [String]
        @Flag(help: "Read all of it anew, also what is held in the source's present version.") var anew = false
        @Flag(
            help: """
                Read all of it beside what is served, and swap it in whole; if a part fails, nothing changes. For \
                datasets of expenditures.
                """)
        var full = false
        @Flag(help: "Do not score and refresh; `hextant score` and `hextant refresh` do.") var noPublish = false
        @OptionGroup var folder: Folder
        @OptionGroup var letters: LetterOptions
        @OptionGroup var database: DatabaseOptions
        @OptionGroup var output: OutputOptions

        private struct Line: Encodable {
            let feed: String
            let run: Int64
            let offered: Int
            let read: Int
            let requests: Int
            let accepted: Int
            let duplicate: Int
            let rejected: Int
            let removed: Int
            let findings: [String]
            let failures: [FeedRunRecord.Failure]
            let seconds: Double
            var published: Publication.Outcome?

            var summary: String {
                let counts =
                    "\(feed): \(read) parts read of \(offered) in \(requests) requests; \(accepted) rows accepted, "
                    + "\(duplicate) known, \(rejected) rejected, \(removed) events removed, in \(seconds) s"
                let more =
                    failures.map { "  failed: \($0.part): \($0.problem)" } + findings.map { "  note: \($0)" }
                    + (published.map { [$0.summary] } ?? [])
                return ([counts] + more).joined(separator: "\n")
            }
        }

        func validate() throws {
            if anew, full { throw ValidationError("give --anew or --full, not both") }
        }

        func run() async throws {
            let settings = try database.settings()
            let installation = try Installation.find()
            let feeds = try folder.feeds(settings, installation, names: names)
            let options = try database.postgres()
            let sql = try installation.sql()
            let spool = try SpoolFolder()
            defer { spool.remove() }
            let redis = try settings.text(.redisURL, flag: nil).map { url in
                try RedisClient(
                    configuration: RedisConfiguration(url: url),
                    logger: Logger(label: "hextant") { _ in SwiftLogNoOpLogHandler() })
            }
            let parts = FeedParts(
                feeds, authority: try folder.options.authority(settings), redis: redis,
                ingest: FileIngest(
                    options, sql: sql, mappings: installation.mappings, letters: try letters.allowance(settings)),
                folder: spool.path)
            var lines: [Line] = []
            var fault: (any Error)?
            for feed in feeds {
                do {
                    lines.append(try await read(feed, parts.work, options, sql))
                } catch {
                    // The others are read all the same, and the first error is told.
                    if feeds.count > 1 {
                        FileHandle.standardError.write(Data("hextant: \(feed.name): \(error)\n".utf8))
                    }
                    fault = fault ?? error
                }
            }
            await parts.close()
            await redis?.close()
            try output.print(["runs": lines], summary: lines.map(\.summary).joined(separator: "\n"))
            if let fault { throw fault }
            guard lines.allSatisfy(\.failures.isEmpty) else { throw ExitStatus.failure }
        }

        private func read(
            _ feed: Feed, _ work: FeedWork, _ options: PostgresOptions, _ sql: SQLFiles
        ) async throws -> Line {
            let began = ContinuousClock.now
            let line = ProgressLine()
            defer { line.finish() }
            let outcome = try await audited("feeds run", target: feed.name.text, options, sql) {
                let show: @Sendable (FeedWork.Progress) -> Void = { progress in
                    let share = progress.all == 0 ? 0 : Double(progress.done) / Double(progress.all)
                    line.show(share: share, count: Int64(progress.rows), of: "rows of \(feed.name)")
                }
                let outcome =
                    full
                    ? try await work.renew(feed, trigger: "command feeds run", lease: nil, progress: show)
                    : try await work.run(
                        feed, trigger: "command feeds run", lease: nil, scoring: .byCaller, forgets: anew,
                        progress: show)
                let told = "run \(outcome.run), \(outcome.accepted) rows accepted, \(outcome.failures.count) failures"
                return (outcome, told)
            }
            var told = Line(
                feed: feed.name.text, run: outcome.run, offered: outcome.offered, read: outcome.read,
                requests: outcome.requests, accepted: outcome.accepted, duplicate: outcome.duplicate,
                rejected: outcome.rejected, removed: outcome.removed, findings: outcome.findings,
                failures: outcome.failures, seconds: (ContinuousClock.now - began).inSeconds.rounded(to: 3))
            if !noPublish { told.published = try await publish(feed.dataset, line, options, sql) }
            return told
        }

        /// Scores and serves what this run brought, and what earlier ones brought that ended before they could.
        private func publish(
            _ dataset: Slug, _ line: ProgressLine, _ options: PostgresOptions, _ sql: SQLFiles
        ) async throws -> Publication.Outcome? {
            let runs = FeedRunStore(options, sql: sql)
            let found = try await PostgresConnection.withConnection(options) { connection in
                try await runs.unscored(dataset, on: connection)
            }
            guard let found else { return nil }
            let published = try await Publication(found.order, options, sql: sql).publish(line)
            try await PostgresConnection.withConnection(options) { connection in
                try await runs.noteScored(found, by: published.run, on: connection)
            }
            return published
        }
    }

    struct Check: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "check",
            abstract: "Check feeds: their files, mappings, secrets and datasets, and what their sources offer.",
            discussion: "It stores nothing. The exit code is 1 when a feed cannot be read.")
        @Argument(help: "Names of feeds. Default: all.") var names: [String] = []
        @Flag(help: "Ask no source.") var offline = false
        @OptionGroup var folder: Folder
        @OptionGroup var database: DatabaseOptions
        @OptionGroup var output: OutputOptions

        private struct Line: Encodable {
            let feed: String
            var faults: [String]
            /// Parts that the source offers, and that a run would read now; nil where it was not asked.
            var offered: Int?
            var due: Int?
            var findings: [String] = []

            var summary: String {
                var lines = [
                    "\(feed): \(faults.isEmpty ? "can be read" : "CANNOT be read")"
                        + (offered.map { "; \(due ?? 0) of \($0) parts are not held" } ?? "")
                ]
                lines += faults.map { "  -> \($0)" } + findings.map { "  note: \($0)" }
                return lines.joined(separator: "\n")
            }
        }

        func run() async throws {
            let settings = try database.settings()
            let installation = try Installation.find()
            let feeds = try folder.feeds(settings, installation, names: names)
            let options = try database.postgres()
            let sql = try installation.sql()
            let inspection = FeedInspection(feeds: feeds, mappings: installation.mappings)
            var faults = inspection.faults()
            let held = try await PostgresConnection.withConnection(options) { connection in
                var held: [Slug: [String: Checkpoint]] = [:]
                for feed in feeds {
                    held[feed.name] = try await FeedRecords(connection, sql: sql)
                        .checkpoints(of: feed.name, in: feed.dataset)
                        .mapValues { Checkpoint(version: $0.version, state: $0.state) }
                }
                return (held, try await inspection.datasets(DatasetStore(connection, sql: sql)))
            }
            faults += held.1
            let parts = FeedParts(
                feeds, authority: try folder.options.authority(settings), redis: nil,
                ingest: FileIngest(options, sql: sql, mappings: installation.mappings), folder: "/nonexistent")
            var lines: [Line] = []
            for feed in feeds {
                var line = Line(
                    feed: feed.name.text, faults: faults.filter { $0.feed == feed.name }.map(\.text))
                if !offline, line.faults.isEmpty {
                    do {
                        let plan = try await parts.work.plan(feed, held: held.0[feed.name] ?? [:])
                        line.offered = plan.offered
                        line.due = plan.parts.count
                        line.findings = plan.findings
                    } catch {
                        line.faults.append("\(error)")
                    }
                }
                lines.append(line)
            }
            await parts.close()
            try output.print(["feeds": lines], summary: lines.map(\.summary).joined(separator: "\n"))
            guard lines.allSatisfy(\.faults.isEmpty) else { throw ExitStatus.failure }
        }
    }
}
