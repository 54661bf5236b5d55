import Domain
import Foundation
import Postgres
import Storage
import Work

/// Scores the days of a dataset that an ingest changed, refreshes, and says what is served.
struct Publication: Sendable {
    struct Outcome: Encodable {
        let run: Int64
        let generation: Int64
        let firstDay: String?
        let lastDay: String?
        let resolutions: [Int]
        /// The last day that the outlook knows; `nil` where none could be made.
        let outlookDay: String?
        let seconds: Double

        var summary: String {
            let days = firstDay.map { "\($0) to \(lastDay ?? $0)" } ?? "no days"
            let sizes = resolutions.map(String.init).joined(separator: ", ")
            let outlook = outlookDay.map { ", outlook as of \($0)" } ?? ""
            return "Served: \(days) at resolutions \(sizes)\(outlook), generation \(generation), after \(seconds) s"
        }
    }

    private let options: PostgresOptions
    private let sql: SQLFiles
    private let dataset: Dataset
    /// The order of a run like the newest; `nil` for a dataset that was never scored.
    private let order: RunOrder?

    /// Looks how the dataset was scored before the ingest: early days that its newest run left out stay out.
    init(of slug: Slug, _ options: PostgresOptions, sql: SQLFiles) async throws {
        let connection = try await PostgresConnection(options)
        do {
            dataset = try await DatasetStore(connection, sql: sql).datasetOfEvents(slug)
            order = try await RunStore.orderLikeNewest(of: dataset, on: connection)
            await connection.close()
        } catch {
            await connection.close()
            throw error
        }
        self.options = options
        self.sql = sql
    }

    /// The publication of what an order says, such as that of what feeds brought.
    init(_ order: RunOrder, _ options: PostgresOptions, sql: SQLFiles) async throws {
        dataset = try await PostgresConnection.withConnection(options) { connection in
            try await DatasetStore(connection, sql: sql).datasetOfEvents(order.dataset)
        }
        self.order = order
        self.options = options
        self.sql = sql
    }

    /// Counts by area, unless somebody does so now.
    private func countAreas(_ line: ProgressLine) async throws {
        let hasLayers = try await PostgresConnection.withConnection(options) { try await AreaCounting.hasLayers($0) }
        guard hasLayers else { return }
        do {
            _ = try await AreaCounting(options, sql: sql).run(dataset.slug) { share, layer in
                line.show(share: share, "counting events in \(layer)")
            }
        } catch let error as StorageError {
            guard error.code == .busy else { throw error }
        }
    }

    func publish(_ line: ProgressLine) async throws -> Outcome {
        let began = ContinuousClock.now
        let request = ScoringRun.Request(
            dataset: dataset, resolutions: dataset.resolutions, from: order?.from,
            normalization: order?.normalization ?? .minmax)
        let run = try await audited("score", target: dataset.slug.text, options, sql) {
            let run = try await ScoringRun(options, sql: sql).run(request) { step in
                switch step {
                case .reading(let all): line.show(part: 0, of: all + 1, "reading events")
                case .scoring(let resolution, let done, let all):
                    line.show(part: done + 1, of: all + 1, "scoring resolution \(resolution)")
                }
            }
            return (run, "run \(run.run), \(run.events) events read")
        }
        let outlookDay = try await lookAhead(line)
        let served = try await audited("refresh", options, sql) {
            let served = try await ViewRefresh(options, sql: sql).refresh { step in
                if case .building(let name, let part, let all) = step { line.show(part: part, of: all, name) }
            }
            return (served, "generation \(served.generation), \(served.rows) rows")
        }
        try await countAreas(line)
        let days = try await PostgresConnection.withConnection(options) { connection in
            try await DatasetStore(connection, sql: sql).status(of: dataset.slug)?.days
        }
        return Outcome(
            run: run.run, generation: served.generation, firstDay: days.map { "\($0.lowerBound)" },
            lastDay: days.map { "\($0.upperBound)" }, resolutions: dataset.resolutions, outlookDay: outlookDay,
            seconds: (ContinuousClock.now - began).inSeconds.rounded(to: 3))
    }

    /// Makes the outlook. The scores are served without one where it cannot be made, with a warning.
    /// - Returns: The last day that it knows.
    private func lookAhead(_ line: ProgressLine) async throws -> String? {
        do {
            return try await audited("outlook", target: dataset.slug.text, options, sql) {
                let outcome = try await OutlookRun(options, sql: sql).run(.init(dataset: dataset)) { step in
                    line.show(step)
                }
                for (resolution, reason) in outcome.leftOut {
                    Self.warn("no outlook at resolution \(resolution): \(reason)")
                }
                let day = outcome.days.map { "\($0.upperBound)" }
                return (outcome.outlooks.isEmpty ? nil : day, "as of \(day ?? "none")")
            }
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            Self.warn("no outlook: \(error)")
            return nil
        }
    }

    private static func warn(_ text: String) {
        FileHandle.standardError.write(Data("hextant: warning: \(text)\n".utf8))
    }
}

extension ProgressLine {
    /// Shows the step of an outlook.
    func show(_ step: OutlookRun.Step) {
        switch step {
        case .counting(let kind, let share, let number, let all):
            show(share: (Double(number) + share) / Double(max(1, all)), "counting events: \(kind.text)")
        case .making(let kind, let resolution, let done, let all):
            show(part: done, of: all, "outlook of \(kind.text) at resolution \(resolution)")
        }
    }
}
