/// A kind of model.
package enum ModelKind: String, CaseIterable, Sendable {
    /// Departments that spend alike: k-means.
    case clustering
    /// Whether a payment is of high value: a random forest.
    case classification
}

/// A trained model, without its file.
package struct StoredModel: Hashable, Sendable {
    package enum State: String, CaseIterable, Sendable {
        /// Trained, and not in use yet.
        case candidate
        /// In use; one of a kind and dataset.
        case active
        /// Was in use.
        case retired
    }

    /// How far the data have moved since the training.
    package struct Drift: Hashable, Sendable {
        package var measuredAt: Instant
        /// The number of payments, or of departments, that were compared.
        package var rows: Int
        /// The largest population stability index that counts; `nil` when there was too little to compare.
        package var index: Double?
        /// All indexes: a JSON object by name.
        package var indexes: String

        package init(measuredAt: Instant, rows: Int, index: Double?, indexes: String) {
            self.measuredAt = measuredAt
            self.rows = rows
            self.index = index
            self.indexes = indexes
        }
    }

    package var id: Int64
    package var dataset: Slug
    package var kind: ModelKind
    package var state: State
    package var trainedAt: Instant
    /// When it was activated last; `nil` if never.
    package var activatedAt: Instant?
    /// The days of the payments that it learnt from, and of those that it was measured on, if any were held out.
    package var training: ClosedRange<LocalDay>
    package var test: ClosedRange<LocalDay>?
    /// The number of payments that it learnt from.
    package var payments: Int
    /// The features in order.
    package var features: [String]
    /// The parameters, and the measures or clusters: JSON objects.
    package var parameters: String
    package var metrics: String
    /// SHA-256 of the file, in hexadecimal digits, and its size in bytes.
    package var digest: String
    package var bytes: Int
    /// The library that made it, with its version.
    package var library: String
    /// The drift as it was measured last; `nil` before that.
    package var drift: Drift?

    package init(
        id: Int64 = 0, dataset: Slug, kind: ModelKind, state: State = .candidate, trainedAt: Instant = .now,
        activatedAt: Instant? = nil, training: ClosedRange<LocalDay>, test: ClosedRange<LocalDay>? = nil,
        payments: Int, features: [String], parameters: String, metrics: String, digest: String, bytes: Int,
        library: String, drift: Drift? = nil
    ) {
        self.id = id
        self.dataset = dataset
        self.kind = kind
        self.state = state
        self.trainedAt = trainedAt
        self.activatedAt = activatedAt
        self.training = training
        self.test = test
        self.payments = payments
        self.features = features
        self.parameters = parameters
        self.metrics = metrics
        self.digest = digest
        self.bytes = bytes
        self.library = library
        self.drift = drift
    }
}

extension StoredModel: Listed {
    package var cursor: Int64 { id }
}

/// The index of population stability above which somebody should look at a model.
package enum ModelDrift {
    package static let alarm = 0.25
}

/// The parameters of a training.
package struct TrainingOrder: Hashable, Sendable {
    package static let seeds: ClosedRange<Int> = 0...2_147_483_647

    package var dataset: Slug
    package var kind: ModelKind
    /// The seed of all that is drawn.
    package var seed: Int
    /// Whether the model is activated once it is trained.
    package var activate: Bool

    package init(dataset: Slug, kind: ModelKind, seed: Int = 1, activate: Bool = false) {
        self.dataset = dataset
        self.kind = kind
        self.seed = seed
        self.activate = activate
    }
}

/// A query for models.
package struct ModelQuery: Hashable, Sendable {
    /// The datasets whose models are visible.
    package var visible: DatasetScope
    /// `nil` for all; the same holds for the others.
    package var dataset: Slug?
    package var kind: ModelKind?
    package var state: StoredModel.State?

    package init(
        visible: DatasetScope = .all, dataset: Slug? = nil, kind: ModelKind? = nil, state: StoredModel.State? = nil
    ) {
        self.visible = visible
        self.dataset = dataset
        self.kind = kind
        self.state = state
    }
}

/// The models of datasets that hold expenditures.
package protocol ModelRepository: Sendable {
    /// A page of models, the newest first.
    func models(_ query: ModelQuery, _ page: PageRequest<StoredModel>) async throws -> Page<StoredModel>

    func model(_ id: Int64) async throws -> StoredModel?

    /// Makes a model the active one of its kind and dataset, whatever its state, and retires the one before.
    /// - Returns: The model after that; `nil` when there is none.
    /// - Throws: ``UnusableModel`` when its file cannot be used.
    func activate(_ id: Int64) async throws -> StoredModel?

    /// Queues a training and returns its run; the parameters are those of `RunRepository.start(_:by:key:)`.
    func train(_ order: TrainingOrder, by requester: Requester?, key: String?) async throws -> AnalyticsRun

    /// The first datasets in a scope that hold expenditures, by slug.
    func spendingDatasets(_ scope: DatasetScope, limit: Int) async throws -> [Slug]

    /// Whether a dataset holds expenditures.
    func holdsExpenditures(_ dataset: Slug) async throws -> Bool
}

/// The file of a model is damaged, foreign or of another version.
package struct UnusableModel: Error, Hashable, CustomStringConvertible {
    package let id: Int64
    package let reason: String

    package init(id: Int64, reason: String) {
        self.id = id
        self.reason = reason
    }

    package var description: String { "model \(id) cannot be used: \(reason)" }
}
