import ArgumentParser
import Domain
import Foundation
import Logging
import Postgres
import Storage
import Work

struct ModelsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "models",
        abstract: "Models of expenditures: train, activate, ask and watch them.",
        discussion: "docs/models.md explains them.",
        subcommands: [Train.self, List.self, Show.self, Activate.self, Predict.self, Drift.self])

    struct Train: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "train", abstract: "Train a model on a dataset that holds expenditures.",
            discussion: """
                It is stored as a candidate, which `hextant models activate` puts to use. The same payments, seed and \
                library give the same model.
                """)
        @Argument(help: "Kind of model: classification or clustering.") var kind: String
        @Option(help: "Slug of the dataset.", transform: Slug.argument) var dataset: Slug
        @Option(help: "Seed of all that is drawn, 0 to 2147483647.") var seed = 1
        @Flag(help: "Activate the model once it is trained.") var activate = false
        @OptionGroup var database: DatabaseOptions
        @OptionGroup var output: OutputOptions

        func validate() throws {
            _ = try ModelKind.argument(kind)
            guard TrainingOrder.seeds.contains(seed) else {
                throw ValidationError("--seed must be 0 to \(TrainingOrder.seeds.upperBound)")
            }
        }

        func run() async throws {
            let sql = try Installation.find().sql()
            let options = try database.postgres()
            let line = ProgressLine()
            let order = TrainingOrder(
                dataset: dataset, kind: try ModelKind.argument(kind), seed: seed, activate: activate)
            let model = try await audited("models train", target: dataset.text, options, sql) {
                let model = try await ModelTraining(options, sql: sql).run(order) { step in
                    switch step {
                    case .reading(let payments): line.show("\(payments) payments read")
                    case .learning: line.show(share: step.share, "learning")
                    }
                }
                return (model, "model \(model.id), \(model.kind.rawValue), \(model.state.rawValue)")
            }
            line.finish()
            let summary = try ModelSummary(model).text
            try output.print(try ModelDetails(model), summary: summary)
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "List models, the newest first.")
        @Option(help: "Only models of this dataset.", transform: Slug.argument) var dataset: Slug?
        @Option(help: "Only models of this kind: classification or clustering.") var kind: String?
        @Option(help: "Only models in this state: candidate, active or retired.") var state: String?
        @Option(help: "How many are listed at most, 1 to 1000.") var limit = 50
        @OptionGroup var database: DatabaseOptions
        @OptionGroup var output: OutputOptions

        func validate() throws {
            try ListLimit.check(limit)
            _ = try query()
        }

        private func query() throws -> ModelQuery {
            let state = try state.map { text in
                guard let state = StoredModel.State(rawValue: text) else {
                    throw ValidationError("--state must be candidate, active or retired")
                }
                return state
            }
            return ModelQuery(dataset: dataset, kind: try kind.map(ModelKind.argument), state: state)
        }

        func run() async throws {
            let query = try query()
            let sql = try Installation.find().sql()
            let models = try await PostgresConnection.withConnection(try database.postgres()) { connection in
                try await ModelStore(connection, sql: sql).models(query, PageRequest(limit: limit)).rows
            }
            let lines = models.map { model in
                "\(model.id)  \(model.dataset)  \(model.kind.rawValue)  \(model.state.rawValue)  "
                    + "\(model.trainedAt.wholeSeconds)  \(model.payments) payments, \(model.training.lowerBound) to "
                    + "\(model.training.upperBound)"
            }
            try output.print(
                ["models": try models.map(ModelDetails.init)],
                summary: lines.isEmpty ? "There are no such models" : lines.joined(separator: "\n"))
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show", abstract: "Show a model: data, features, parameters, measures and drift.")
        @Argument(help: "Number of the model.") var id: Int64
        @OptionGroup var database: DatabaseOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            let sql = try Installation.find().sql()
            let model = try await PostgresConnection.withConnection(try database.postgres()) { connection in
                try await ModelStore(connection, sql: sql).model(id)
            }
            guard let model else { throw StorageError.noModel(id) }
            let summary = try ModelSummary(model).text
            try output.print(try ModelDetails(model), summary: summary)
        }
    }

    struct Activate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "activate", abstract: "Make a model the active one of its kind and dataset.",
            discussion: """
                Every server answers by it within a second, and by the one before until then. To go back, activate the \
                one before.
                """)
        @Argument(help: "Number of the model.") var id: Int64
        @OptionGroup var database: DatabaseOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            let sql = try Installation.find().sql()
            let options = try database.postgres()
            let model = try await audited("models activate", target: "\(id)", options, sql) {
                let model = try await PostgresConnection.withConnection(options) { connection in
                    try await ModelStore(connection, sql: sql).activate(id)
                }
                guard let model else { throw StorageError.noModel(id) }
                return (model, "\(model.kind.rawValue) of \(model.dataset)")
            }
            try output.print(
                try ModelDetails(model),
                summary: "Model \(id) is the active \(model.kind.rawValue) of \(model.dataset)")
        }
    }

    struct Predict: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "predict", abstract: "Ask the active classifier whether a payment is of high value.",
            discussion: "`POST /v1/ml/predict/expenditure-type` answers for up to 10,000 payments at a time.")
        @Option(help: "Slug of the dataset.", transform: Slug.argument) var dataset: Slug
        @Option(help: "Name of the vendor.") var vendor: String
        @Option(help: "Name of the department.") var department: String?
        @Option(help: "Description of the account.") var account: String?
        @Option(help: "Month in which it is entered, 1 to 12.") var month: Int?
        @OptionGroup var database: DatabaseOptions
        @OptionGroup var output: OutputOptions

        private struct Outcome: Encodable {
            struct Reason: Encodable {
                let input: String
                let contribution: Double
            }

            let dataset: String
            let model: Int64
            let threshold: String
            let share: Double
            let type: String
            let probability: Double
            let reasons: [Reason]
        }

        func validate() throws {
            guard month.map({ (1...12).contains($0) }) ?? true else {
                throw ValidationError("--month must be 1 to 12")
            }
        }

        func run() async throws {
            let sql = try Installation.find().sql()
            let options = try database.postgres()
            let payment = Payment(
                vendor: vendor, department: department, accountDescription: account, month: month)
            let answer = try await PostgresConnection.withConnection(options) { connection in
                try await ServedModels(
                    ModelStore(connection, sql: sql), options: options,
                    logger: Logger(label: "hextant") { _ in SwiftLogNoOpLogHandler() }
                ).predict([payment], in: dataset)
            }
            guard let answer, let prediction = answer.payments.first else {
                throw StorageError(
                    .dataset, "no classifier of \(dataset) is active: see `hextant models list --dataset \(dataset)`")
            }
            let outcome = Outcome(
                dataset: dataset.text, model: answer.model, threshold: answer.threshold, share: answer.share,
                type: prediction.probability >= 0.5 ? "high_value" : "usual", probability: prediction.probability,
                reasons: prediction.reasons.map { Outcome.Reason(input: $0.input, contribution: $0.contribution) })
            let reasons = outcome.reasons.map { "\($0.input) \($0.contribution.rounded(to: 3))" }
            try output.print(
                outcome,
                summary: """
                    The chance of \(outcome.threshold) or more is \(outcome.probability.rounded(to: 3)), where it is \
                    \(outcome.share.rounded(to: 3)) of all payments
                    Model \(outcome.model); what mattered: \(reasons.joined(separator: ", "))
                    """)
        }
    }

    struct Drift: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "drift", abstract: "Measure how far the data have moved since active models were trained.",
            discussion: "Exit status 1 means that an index is above \(ModelDrift.alarm).")
        @Option(help: "Only models of this dataset.", transform: Slug.argument) var dataset: Slug?
        @OptionGroup var database: DatabaseOptions
        @OptionGroup var output: OutputOptions

        private struct Line: Encodable {
            let id: Int64
            let dataset: String
            let kind: String
            let rows: Int
            let index: Double?
            let indexes: JSONValue
            let hasDrifted: Bool
        }

        private struct Failure: Encodable {
            let id: Int64
            let reason: String
        }

        private struct Outcome: Encodable {
            let models: [Line]
            let failures: [Failure]
        }

        func run() async throws {
            let sql = try Installation.find().sql()
            let options = try database.postgres()
            let line = ProgressLine()
            let (models, failures) = try await ModelDriftRun(options, sql: sql).run(dataset) {
                line.show(share: $0, "measuring")
            }
            line.finish()
            let outcome = Outcome(
                models: try models.map { model in
                    let index = model.drift?.index
                    return Line(
                        id: model.id, dataset: model.dataset.text, kind: model.kind.rawValue,
                        rows: model.drift?.rows ?? 0, index: index,
                        indexes: try JSONValue(text: model.drift?.indexes ?? "{}"),
                        hasDrifted: (index ?? 0) > ModelDrift.alarm)
                }, failures: failures.map { Failure(id: $0.model, reason: $0.reason) })
            let texts =
                outcome.models.map { model in
                    let index = model.index.map { "\($0.rounded(to: 3))" } ?? "too little to compare"
                    return "\(model.id)  \(model.dataset)  \(model.kind)  \(model.rows) rows  \(index)"
                        + (model.hasDrifted ? "  has drifted: train another one" : "")
                } + outcome.failures.map { "\($0.id)  cannot be used: \($0.reason)" }
            try output.print(
                outcome, summary: texts.isEmpty ? "No model is active" : texts.joined(separator: "\n"))
            if !failures.isEmpty || outcome.models.contains(where: \.hasDrifted) { throw ExitStatus.failure }
        }
    }
}

extension ModelKind {
    fileprivate static func argument(_ text: String) throws -> ModelKind {
        guard let kind = ModelKind(rawValue: text) else {
            throw ValidationError("the kind of model must be classification or clustering")
        }
        return kind
    }
}

extension StorageError {
    fileprivate static func noModel(_ id: Int64) -> StorageError {
        StorageError(.dataset, "there is no model \(id): see `hextant models list`")
    }
}
