import Domain
import Postgres
import Storage

/// Scores the days of a dataset that an ingest changed, refreshes, and says what is served.
struct Publication: Sendable {
    struct Outcome: Encodable {
        let run: Int64
        let generation: Int64
        let firstDay: String?
        let lastDay: String?
        let resolutions: [Int]
        let seconds: Double

        var summary: String {
            let days = firstDay.map { "\($0) to \(lastDay ?? $0)" } ?? "no days"
            let sizes = resolutions.map(String.init).joined(separator: ", ")
            return "Served: \(days) at resolutions \(sizes), generation \(generation), after \(seconds) s"
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
            dataset = try await DatasetStore(connection, sql: sql).dataset(slug)
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
            try await DatasetStore(connection, sql: sql).dataset(order.dataset)
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
                line.show(share: share, count: Int64(share * 100), of: "% of the days in \(layer)")
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
            lastDay: days.map { "\($0.upperBound)" }, resolutions: dataset.resolutions,
            seconds: (ContinuousClock.now - began).inSeconds.rounded(to: 3))
    }
}
