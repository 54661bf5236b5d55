package import Domain
import Foundation
import Models
package import Postgres
package import Storage
import Synchronization

/// Trains a model on the expenditures of a dataset, and stores it.
package struct ModelTraining: Sendable {
    private let options: PostgresOptions
    private let sql: SQLFiles

    package init(_ options: PostgresOptions, sql: SQLFiles) {
        self.options = options
        self.sql = sql
    }

    /// The next step, for progress reports.
    package enum Step: Sendable {
        case reading(payments: Int)
        case learning(share: Double)

        /// The share of the whole training that is done.
        package var share: Double {
            switch self {
            // Nobody knows how many there are.
            case .reading: 0.05
            case .learning(let share): 0.1 + 0.85 * share
            }
        }
    }

    /// - Parameter lease: The lease of the job that this belongs to; without it nothing is written.
    /// - Returns: The model as it is stored.
    /// - Throws: `StorageError` with code `.dataset` when there is no such dataset, it holds no expenditures, or
    ///   nothing can be learnt from them; ``JobLease/hold(on:)``'s errors; `PostgresError`; `CancellationError`.
    package func run(
        _ order: TrainingOrder, lease: JobLease? = nil, progress: @escaping @Sendable (Step) -> Void = { _ in }
    ) async throws -> StoredModel {
        do {
            let (model, file) =
                switch order.kind {
                case .clustering: try await clusters(order, progress)
                case .classification: try await classifier(order, progress)
                }
            let id = try await PostgresConnection.withConnection(options) { connection in
                try await ModelWriter(connection).add(model, file: file, activate: order.activate, lease: lease)
            }
            let stored = try await PostgresConnection.withConnection(options) { connection in
                try await ModelStore(connection, sql: sql).model(id)
            }
            guard let stored else { throw StorageError(.dataset, "the model was deleted at once") }
            return stored
        } catch let error as ModelError {
            throw error.code == .data ? StorageError(.dataset, "\(order.dataset): \(error)") : error
        }
    }

    private func classifier(
        _ order: TrainingOrder, _ progress: @escaping @Sendable (Step) -> Void
    ) async throws -> (StoredModel, [UInt8]) {
        let table = try await ModelInput(options, sql: sql, dataset: order.dataset)
            .payments { progress(.reading(payments: $0)) }
        let settings = ForestSettings(seed: UInt64(order.seed))
        let (trained, file) = try await cancellable { check in
            let trained = try PaymentClassifier.train(table, settings: settings) { share in
                try check()
                progress(.learning(share: share))
            }
            return (trained, try trained.model.file())
        }
        let model = trained.model
        let stored = StoredModel(
            dataset: order.dataset, kind: order.kind, training: trained.training.days, test: trained.test.days,
            payments: trained.training.payments, features: model.features,
            parameters: try Self.text(ClassifierParameters(model)),
            metrics: try Self.text(ClassifierMetrics(model, leftOut: trained.leftOut)), digest: "",
            bytes: file.count, library: ForestLibrary.name)
        return (stored, file)
    }

    private func clusters(
        _ order: TrainingOrder, _ progress: @escaping @Sendable (Step) -> Void
    ) async throws -> (StoredModel, [UInt8]) {
        let input = try await ModelInput(options, sql: sql, dataset: order.dataset).departments()
        progress(.reading(payments: input.payments))
        guard let days = input.days else {
            throw ModelError(
                .data, "no department has \(ModelInput.fewestPayments) payments with a day; clusters need several")
        }
        let (model, file) = try await cancellable { check in
            let model = try DepartmentClusters(input.figures, seed: UInt64(order.seed)) { share in
                try check()
                progress(.learning(share: share))
            }
            return (model, try model.file())
        }
        let stored = StoredModel(
            dataset: order.dataset, kind: order.kind, training: days, payments: input.payments,
            features: model.features, parameters: try Self.text(ClusterParameters(model)),
            metrics: try Self.text(ClusterMetrics(model)), digest: "", bytes: file.count,
            library: "hextant k-means 1")
        return (stored, file)
    }

    /// Learns on a thread of its own, which XGBoost's random numbers belong to. The work ends at its next check after
    /// the task is cancelled.
    private func cancellable<Output: Sendable>(
        _ work: @escaping @Sendable (_ check: @Sendable () throws -> Void) throws -> Output
    ) async throws -> Output {
        let isCancelled = CancelFlag()
        return try await withTaskCancellationHandler {
            try await onOwnThread(named: "training") {
                try work { if isCancelled.isSet { throw CancellationError() } }
            }
        } onCancel: {
            isCancelled.set()
        }
    }

    private static func text(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.keyEncodingStrategy = .convertToSnakeCase
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }
}

private final class CancelFlag: Sendable {
    private let flag = Atomic(false)

    var isSet: Bool { flag.load(ordering: .acquiring) }

    func set() { flag.store(true, ordering: .releasing) }
}

/// The parameters and measures of a model as clients get them, which `static/openapi.json` describes.
private struct ClassifierParameters: Encodable {
    let trees: Int
    let depth: Int
    let leastRows: Int
    let rowShare: Double
    let columnShare: Double
    let bins: Int
    let seed: UInt64
    let learningRate = 1
    let categoryStrength = CategoryRates.strength
    let quantile = PaymentClassifier.quantile
    let threshold: String
    let holdOut: String

    init(_ model: PaymentClassifier) {
        trees = model.settings.trees
        depth = model.settings.depth
        leastRows = model.settings.leastRows
        rowShare = model.settings.rowShare
        columnShare = model.settings.columnShare
        bins = model.settings.bins
        seed = model.settings.seed
        threshold = PaymentClassifier.decimal(model.threshold)
        holdOut = model.rule.rawValue
    }
}

private struct ClassifierMetrics: Encodable {
    let trainingShare: Double
    let leftOut: Int
    let payments: Int
    let share: Double
    let accuracy: Double
    let balancedAccuracy: Double
    let rocAuc: Double
    let brier: Double
    let majorityAccuracy: Double
    let majorityBrier: Double
    let calibration: [ClassifierMeasures.Bin]

    init(_ model: PaymentClassifier, leftOut: Int) {
        let measures = model.measures
        trainingShare = model.share
        self.leftOut = leftOut
        payments = measures.payments
        share = measures.share
        accuracy = measures.accuracy
        balancedAccuracy = measures.balancedAccuracy
        rocAuc = measures.rocAUC
        brier = measures.brier
        majorityAccuracy = measures.majorityAccuracy
        majorityBrier = measures.majorityBrier
        calibration = measures.calibration
    }
}

private struct ClusterParameters: Encodable {
    let seed: UInt64
    let starts: Int
    let fewestPayments = ModelInput.fewestPayments

    init(_ model: DepartmentClusters) {
        seed = model.seed
        starts = model.starts
    }
}

private struct ClusterMetrics: Encodable {
    let departments: Int
    let inertia: Double
    let silhouette: Double
    let tried: [DepartmentClusters.Attempt]
    let clusters: [DepartmentClusters.Cluster]
    let members: [DepartmentClusters.Member]

    init(_ model: DepartmentClusters) {
        departments = model.members.count
        inertia = model.inertia
        silhouette = model.silhouette
        tried = model.tried
        clusters = model.clusters
        members = model.members
    }
}
