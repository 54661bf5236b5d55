package import Breaker
import Caching
package import Domain
package import Logging
import Metrics
import Models
package import Postgres
import ServiceLifecycle
package import Storage
import Synchronization

/// The active classifiers of a server, loaded.
///
/// A classifier is loaded when it is first asked for, and replaced when another one is activated: the new one is loaded
/// beside the old one, which answers until then. A request keeps the one that it began with.
package final class ServedModels: PaymentPredictor, Service {
    private struct Loaded {
        let id: Int64
        let classifier: PaymentClassifier
        let forest: ForestThread
        var used: UInt64
    }

    private struct State {
        var loaded: [Slug: Loaded] = [:]
        var clock: UInt64 = 0
        var version: Int64?
        /// Models that could not be loaded: they are not tried again at each request.
        var unusable: [Slug: (error: UnusableModel, at: ContinuousClock.Instant)] = [:]

        mutating func use(_ dataset: Slug) -> Loaded? {
            guard loaded[dataset] != nil else { return nil }
            clock += 1
            loaded[dataset]?.used = clock
            return loaded[dataset]
        }
    }

    /// The most datasets whose classifiers are loaded; those that were used last stay.
    private static let mostLoaded = 16
    /// How long loading may take.
    private static let patience = Duration.seconds(10)
    /// How long a model that could not be loaded is left alone, and the pause after a failure of the database.
    private static let pause = Duration.seconds(5)
    private static let retryPause = Duration.seconds(1)

    private let store: ModelStore
    private let options: PostgresOptions
    private let outages: OutageLog
    private let logger: Logger
    private let state = Mutex(State())
    private let flights = SingleFlight<Slug, Int64?>()
    private let looks: AsyncStream<Void>
    private let wantLook: AsyncStream<Void>.Continuation
    private let predictions = Counter(label: "model_predictions_total")
    private let swaps = Counter(label: "model_swaps_total")

    /// - Parameter store: Reads models.
    package init(
        _ store: ModelStore, options: PostgresOptions, outages: OutageLog = .ofDatabase(), logger: Logger
    ) {
        self.store = store
        self.options = options
        self.outages = outages
        self.logger = logger
        (looks, wantLook) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Follows what is active until the service group shuts down.
    /// - Throws: Nothing; the protocol asks for the keyword.
    package func run() async throws {
        let listener = ModelVersionListener(options, outages: outages, logger: logger) { [self] in note($0) }
        await cancelWhenGracefulShutdown {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { try? await listener.run() }
                group.addTask {
                    for await _ in self.looks { await self.look() }
                }
                await group.waitForAll()
            }
        }
    }

    private func note(_ version: Int64) {
        let isNew = state.withLock { state in
            defer { state.version = version }
            return state.version != version
        }
        if isNew { wantLook.yield() }
    }

    /// Replaces what is no longer active. What cannot be replaced goes on answering.
    private func look() async {
        for dataset in state.withLock({ Array($0.loaded.keys) }) {
            while !Task.isCancelled {
                do {
                    _ = try await load(dataset)
                    break
                } catch let error as UnusableModel {
                    logger.error(
                        "an active model cannot be used, and the one before goes on answering",
                        metadata: ["dataset": "\(dataset)", "error": "\(error)"])
                    break
                } catch {
                    logger.debug(
                        "cannot look for active models",
                        metadata: ["dataset": "\(dataset)", "error": "\(error)"])
                    try? await Task.sleep(for: Self.retryPause)
                }
            }
        }
    }

    package func loaded(_ dataset: Slug) -> Int64? { state.withLock { $0.loaded[dataset]?.id } }

    /// - Throws: `UnusableModel` when the file of the active model cannot be used, `ForestBusy` when too many payments
    ///   wait; what ``QueryRunner/query(_:_:)`` throws.
    package func predict(_ payments: [Payment], in dataset: Slug) async throws -> PaymentPredictions? {
        guard let loaded = try await classifier(of: dataset) else { return nil }
        let answers = try await loaded.forest.predict(payments)
        predictions.increment(by: payments.count)
        return PaymentPredictions(
            model: loaded.id, threshold: PaymentClassifier.decimal(loaded.classifier.threshold),
            share: loaded.classifier.share, payments: answers)
    }

    private func classifier(of dataset: Slug) async throws -> Loaded? {
        if let loaded = state.withLock({ $0.use(dataset) }) { return loaded }
        if let known = state.withLock({ $0.unusable[dataset] }), .now - known.at < Self.pause { throw known.error }
        let id = try await flights.value(for: dataset, within: Self.patience) { [self] in
            try await load(dataset)
        }.value
        // Another one may have been activated while it was loaded.
        wantLook.yield()
        return id == nil ? nil : state.withLock { $0.use(dataset) }
    }

    /// Loads the active classifier of a dataset, unless it is loaded.
    /// - Returns: The number of the model; `nil` when none is active.
    private func load(_ dataset: Slug) async throws -> Int64? {
        guard let id = try await store.active(.classification, of: dataset) else {
            state.withLock { state in
                state.loaded[dataset] = nil
                state.unusable[dataset] = nil
            }
            return nil
        }
        if loaded(dataset) == id { return id }
        do {
            guard let file = try await store.file(of: id) else { return nil }
            let classifier = try PaymentClassifier.read(file)
            let forest = try await ForestThread.load(classifier)
            keep(id, classifier, forest, of: dataset)
            return id
        } catch {
            guard let error = Self.unusable(error, id) else { throw error }
            state.withLock { $0.unusable[dataset] = (error, .now) }
            throw error
        }
    }

    private func keep(_ id: Int64, _ classifier: PaymentClassifier, _ forest: ForestThread, of dataset: Slug) {
        let isSwap = state.withLock { state in
            state.clock += 1
            let before = state.loaded.updateValue(
                Loaded(id: id, classifier: classifier, forest: forest, used: state.clock), forKey: dataset)
            state.unusable[dataset] = nil
            while state.loaded.count > Self.mostLoaded,
                let oldest = state.loaded.min(by: { $0.value.used < $1.value.used })?.key
            {
                state.loaded[oldest] = nil
            }
            return before != nil
        }
        if isSwap { swaps.increment() }
        logger.info("a classifier answers", metadata: ["dataset": "\(dataset)", "model": "\(id)"])
    }

    private static func unusable(_ error: any Error, _ id: Int64) -> UnusableModel? {
        switch error {
        case let error as UnusableModel: error
        case let error as ModelError: UnusableModel(id: id, reason: error.message)
        default: nil
        }
    }
}
