import Domain
import Synchronization
import TestDomain

/// Models in memory, with a classifier whose probabilities are the lengths of the vendors' names in hundredths.
final class MemoryModels: ModelRepository, PaymentPredictor {
    struct State {
        var models: [StoredModel] = []
        /// The datasets that hold expenditures.
        var spending: [Slug] = ["toronto"]
        var orders: [TrainingOrder] = []
        /// The model of the classifier; `nil` for none.
        var classifier: Int64? = 7
        var unusable: UnusableModel?
        var asked: [[Payment]] = []
    }

    private let state: Mutex<State>

    init(_ change: (inout State) -> Void = { _ in }) {
        var state = State()
        change(&state)
        self.state = Mutex(state)
    }

    var now: State { state.withLock { $0 } }

    func models(_ query: ModelQuery, _ page: PageRequest<StoredModel>) async throws -> Page<StoredModel> {
        let found = now.models.filter { model in
            (query.dataset.map { $0 == model.dataset } ?? true) && (query.kind.map { $0 == model.kind } ?? true)
                && (query.state.map { $0 == model.state } ?? true) && (page.after.map { model.id < $0 } ?? true)
        }
        return Page(Array(found.sorted { $0.id > $1.id }.prefix(page.wanted)), of: page)
    }

    func model(_ id: Int64) async throws -> StoredModel? { now.models.first { $0.id == id } }

    func activate(_ id: Int64) async throws -> StoredModel? {
        try state.withLock { state in
            if let error = state.unusable { throw error }
            for index in state.models.indices {
                state.models[index].state = state.models[index].id == id ? .active : .retired
            }
            return state.models.first { $0.id == id }
        }
    }

    func train(_ order: TrainingOrder, by requester: Requester?, key: String?) async throws -> AnalyticsRun {
        state.withLock { $0.orders.append(order) }
        if key == "taken" { throw RunKeyTaken() }
        return .example(3, dataset: order.dataset)
    }

    func spendingDatasets(_ scope: DatasetScope, limit: Int) async throws -> [Slug] {
        Array(now.spending.prefix(limit))
    }

    func holdsExpenditures(_ dataset: Slug) async throws -> Bool { now.spending.contains(dataset) }

    func predict(_ payments: [Payment], in dataset: Slug) async throws -> PaymentPredictions? {
        try state.withLock { state in
            if let error = state.unusable { throw error }
            state.asked.append(payments)
            return state.classifier.map { id in
                PaymentPredictions(
                    model: id, threshold: "1860.00", share: 0.25,
                    payments: payments.map {
                        PaymentPrediction(
                            probability: Double($0.vendor?.count ?? 0) / 100,
                            reasons: [.init(input: "vendor", contribution: 0.125)])
                    })
            }
        }
    }

    func loaded(_ dataset: Slug) -> Int64? { now.classifier }
}

extension StoredModel {
    static func example(
        _ id: Int64, kind: ModelKind = .classification, state: State = .candidate, drift: Double? = nil
    ) -> StoredModel {
        StoredModel(
            id: id, dataset: "toronto", kind: kind, state: state, trainedAt: Instant(seconds: 1_609_459_200),
            training: LocalDay("2019-01-01")!...LocalDay("2019-12-31")!,
            test: LocalDay("2020-01-01")!...LocalDay("2020-12-31")!, payments: 800, features: ["vendor_rate"],
            parameters: "{\"seed\": 1}", metrics: "{\"roc_auc\": 0.8}", digest: String(repeating: "ab", count: 32),
            bytes: 1000, library: "XGBoost 1.7.4",
            drift: drift.map {
                Drift(
                    measuredAt: Instant(seconds: 1_609_459_200), rows: 300, index: $0, indexes: "{\"month\": 1.5}")
            })
    }
}
