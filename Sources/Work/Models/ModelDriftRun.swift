package import Domain
import Foundation
import Jobs
import Models
package import Postgres
package import Storage

/// Measures how far the data of datasets have moved since their active models were trained.
package struct ModelDriftRun: Sendable {
    /// The most payments that are compared, the newest.
    private static let mostPayments = 100_000
    /// The fewest: with less, chance alone moves the index.
    private static let fewestPayments = 200
    /// A feature that is told and not judged, because a few months never look like a year.
    private static let unjudged: Set<String> = ["month"]

    /// The schedule by which every worker has the drift measured, once for all of them: on the first of each month.
    static let schedule = (try? CronExpression("20 5 1 * *", timeZone: "UTC")).map {
        JobSchedule(name: "model-drift", cron: $0, job: .drift())
    }

    private let options: PostgresOptions
    private let sql: SQLFiles

    package init(_ options: PostgresOptions, sql: SQLFiles) {
        self.options = options
        self.sql = sql
    }

    /// A model that could not be measured.
    package struct Failure: Sendable {
        package let model: Int64
        package let reason: String
    }

    /// Measures the active models of a dataset, or of all datasets.
    ///
    /// - Parameters:
    ///   - lease: The lease of the job that this belongs to; without it nothing is written.
    ///   - progress: Called with the share that is done.
    /// - Returns: The models with their drift, and those whose files cannot be used.
    /// - Throws: `StorageError`; ``JobLease/hold(on:)``'s errors; `PostgresError`; `CancellationError`.
    package func run(
        _ dataset: Slug?, lease: JobLease? = nil, progress: @escaping @Sendable (Double) -> Void = { _ in }
    ) async throws -> (models: [StoredModel], failures: [Failure]) {
        var models = try await active(of: dataset)
        var failures: [Failure] = []
        for index in models.indices {
            try Task.checkCancellation()
            progress(Double(index) / Double(models.count))
            do {
                let drift = try await drift(of: models[index])
                models[index].drift = drift
                let id = models[index].id
                try await PostgresConnection.withConnection(options) { connection in
                    try await ModelWriter(connection).note(drift, of: id, lease: lease)
                }
            } catch let error as UnusableModel {
                failures.append(Failure(model: error.id, reason: error.reason))
            }
        }
        return (models, failures)
    }

    private func active(of dataset: Slug?) async throws -> [StoredModel] {
        try await PostgresConnection.withConnection(options) { connection in
            let store = ModelStore(connection, sql: sql)
            var models: [StoredModel] = []
            var after: Int64?
            repeat {
                let page = try await store.models(
                    ModelQuery(dataset: dataset, state: .active), PageRequest(after: after, limit: 500))
                models += page.rows
                after = page.next
            } while after != nil
            return models
        }
    }

    private func drift(of model: StoredModel) async throws -> StoredModel.Drift {
        let file = try await PostgresConnection.withConnection(options) { connection in
            try await ModelStore(connection, sql: sql).file(of: model.id)
        }
        guard let file else { throw UnusableModel(id: model.id, reason: "it was deleted meanwhile") }
        do {
            switch model.kind {
            case .clustering: return try await drift(of: try DepartmentClusters.read(file), in: model.dataset)
            case .classification:
                return try await drift(of: try PaymentClassifier.read(file), model)
            }
        } catch let error as ModelError {
            throw UnusableModel(id: model.id, reason: error.message)
        }
    }

    private func drift(of clusters: DepartmentClusters, in dataset: Slug) async throws -> StoredModel.Drift {
        let figures = try await ModelInput(options, sql: sql, dataset: dataset).departments().figures
        let index = clusters.drift(of: figures)
        return StoredModel.Drift(
            measuredAt: .now, rows: figures.count, index: index,
            indexes: try Self.text(index.map { ["clusters": $0] } ?? [:]))
    }

    /// Compares payments that came after those which the model knows with the latter.
    private func drift(of classifier: PaymentClassifier, _ model: StoredModel) async throws -> StoredModel.Drift {
        let known = (model.test ?? model.training).upperBound
        let table = try await ModelInput(options, sql: sql, dataset: model.dataset)
            .payments(after: known, limit: Self.mostPayments)
        guard table.rows >= Self.fewestPayments else {
            return StoredModel.Drift(measuredAt: .now, rows: table.rows, index: nil, indexes: "{}")
        }
        let indexes = try await onOwnThread(named: "drift") {
            Dictionary(uniqueKeysWithValues: try classifier.drift(of: table).map { ($0.name, $0.index) })
        }
        return StoredModel.Drift(
            measuredAt: .now, rows: table.rows,
            index: indexes.filter { !Self.unjudged.contains($0.key) }.values.max(), indexes: try Self.text(indexes))
    }

    private static func text(_ indexes: [String: Double]) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return String(decoding: try encoder.encode(indexes), as: UTF8.self)
    }
}
