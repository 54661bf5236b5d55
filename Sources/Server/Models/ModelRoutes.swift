import Accounts
import Domain
import Formats
import HTTPTypes
import Hummingbird
import JSON
import Web

/// Answers `/v1/ml`: the models of a dataset that holds expenditures, their training, and what they predict. Everybody
/// who sees a dataset sees its models and asks them; analysts train and activate them.
struct ModelRoutes {
    let catalogue: DatasetCatalogue
    let models: any ModelRepository
    let predictor: any PaymentPredictor

    var endpoints: [Endpoint] {
        [
            Endpoint(
                "/v1/ml/clustering/train", cost: .units(50),
                [.post: .init(rule: .role(.analyst), handler: { try await train(.clustering, $0, $1) })]),
            Endpoint(
                "/v1/ml/classification/train", cost: .units(50),
                [.post: .init(rule: .role(.analyst), handler: { try await train(.classification, $0, $1) })]),
            Endpoint(
                "/v1/ml/predict/expenditure-type",
                [.post: .init(rule: .reader, body: .rows(upTo: PaymentBody.longest), handler: predict)]),
            .get("/v1/ml/models", .reader, list),
            .get("/v1/ml/models/status", .reader, status),
            .get("/v1/ml/models/{id}", .reader, show),
            Endpoint(
                "/v1/ml/models/{id}/activate", cost: .units(20),
                [.post: .init(rule: .role(.analyst), handler: activate)]),
        ]
    }

    /// The dataset that is asked for, or the only one that holds expenditures of those that the client sees.
    /// - Throws: ``Problem`` 404 when there is none, 400 when the client must choose, 403 where small counts are hidden
    ///   from it.
    private func dataset(_ slug: Slug?, for context: ClientContext) async throws -> Slug {
        var asked = slug
        if asked == nil {
            let found = try await models.spendingDatasets(try await context.asking().scope, limit: 2)
            guard found.count < 2 else {
                let message = "must be given, because there are several datasets that hold expenditures"
                throw Problem.badRequest([.init(field: "dataset", message: message)])
            }
            guard let only = found.first else {
                throw Problem.notFound("There is no dataset that holds expenditures.", field: "dataset")
            }
            asked = only
        }
        let status = try await catalogue.dataset(asked, for: context)
        try status.needEveryCount(for: "Models")
        return status.dataset.slug
    }

    /// Answers with 202, the run of the training, and its URL.
    private func train(
        _ kind: ModelKind, _ request: Request, _ context: ClientContext
    ) async throws -> Response {
        var parameters = QueryParameters(request.uri.query, known: ["dataset", "seed", "activate"])
        let slug = parameters.dataset()
        let seeds = TrainingOrder.seeds
        let seed = parameters.parsed("seed", "a number from \(seeds.lowerBound) to \(seeds.upperBound)") { text in
            RowNumber.read(text).flatMap { number in Int(exactly: number).flatMap { seeds.contains($0) ? $0 : nil } }
        }
        let activate = parameters.parsed("activate", "true or false") { Bool($0) }
        let key = parameters.idempotencyKey(of: request)
        try parameters.check()
        let origin = try context.origin.text()

        let dataset = try await dataset(slug, for: context)
        guard try await models.holdsExpenditures(dataset) else {
            let message = "must be a dataset that holds expenditures; \(dataset) holds events"
            throw Problem.badRequest([.init(field: "dataset", message: message)])
        }
        let order = TrainingOrder(dataset: dataset, kind: kind, seed: seed ?? 1, activate: activate ?? false)
        let run = try await AnalyticsRoutes.orKeyTaken {
            try await models.train(order, by: context.requester, key: key)
        }
        var json = JSONWriter()
        json.object { $0.fields(of: run, withReasons: true, withCounts: true) }
        var response = json.response(to: request, status: .accepted)
        response.headers[.location] = "\(origin)/v1/analytics/runs/\(run.id)"
        return response
    }

    @Sendable private func list(_ request: Request, _ context: ClientContext) async throws -> Response {
        var parameters = QueryParameters(
            request.uri.query, known: ["dataset", "model_kind", "model_state", "limit", "after"])
        let slug = parameters.dataset()
        let kind = parameters.modelKind()
        let states = StoredModel.State.allCases.map(\.rawValue).joined(separator: ", ")
        let state = parameters.parsed("model_state", "one of \(states)") { StoredModel.State(rawValue: $0) }
        let limit = parameters.limit(default: 100)
        let after = parameters.after { RowNumber.read($0) }
        try parameters.check()
        let origin = try context.origin.text()

        let dataset = try await dataset(slug, for: context)
        let page = try await models.models(
            ModelQuery(dataset: dataset, kind: kind, state: state), PageRequest(after: after, limit: limit))
        let link = PageLink(
            origin: origin, path: "/v1/ml/models",
            parameters: [
                ("dataset", dataset.text), ("model_kind", kind?.rawValue), ("model_state", state?.rawValue),
                ("limit", String(limit)),
            ])
        var json = JSONWriter()
        json.list(of: page.rows, next: page.next.map { link.text(after: String($0)) }) { json, model in
            json.object { $0.fields(of: model) }
        }
        return json.response(to: request)
    }

    /// Answers with what is in use of each kind, and what answers in this server.
    @Sendable private func status(_ request: Request, _ context: ClientContext) async throws -> Response {
        var parameters = QueryParameters(request.uri.query, known: ["dataset"])
        let slug = parameters.dataset()
        try parameters.check()
        let dataset = try await dataset(slug, for: context)
        // One of each kind at most.
        let active = try await models.models(
            ModelQuery(dataset: dataset, state: .active), PageRequest(limit: ModelKind.allCases.count)
        ).rows
        let loaded = predictor.loaded(dataset)
        var json = JSONWriter()
        json.object { json in
            json.field("dataset", dataset.text)
            json.field("drift_alarm", ModelDrift.alarm)
            json.array("kinds", of: ModelKind.allCases) { json, kind in
                json.object { json in
                    let model = active.first { $0.kind == kind }
                    json.field("kind", kind.rawValue)
                    json.name("loaded")
                    if kind == .classification, let loaded { json.value(Int(loaded)) } else { json.null() }
                    json.field("has_drifted", (model?.drift?.index ?? 0) > ModelDrift.alarm)
                    json.name("active")
                    if let model { json.object { $0.fields(of: model) } } else { json.null() }
                }
            }
        }
        return json.response(to: request)
    }

    @Sendable private func show(_ request: Request, _ context: ClientContext) async throws -> Response {
        let model = try await model(request, context)
        return Self.response(model, to: request)
    }

    /// Makes a model the active one, whether it is a new one or one that was active before.
    @Sendable private func activate(_ request: Request, _ context: ClientContext) async throws -> Response {
        let model = try await model(request, context)
        do {
            guard let active = try await models.activate(model.id) else { throw Self.none(model.id) }
            return Self.response(active, to: request)
        } catch let error as UnusableModel {
            throw Problem(status: .conflict, detail: "Model \(error.id) cannot be used: \(error.reason).")
        }
    }

    /// Answers what the active classifier says of each payment of the body.
    @Sendable private func predict(_ request: Request, _ context: ClientContext) async throws -> Response {
        var parameters = QueryParameters(request.uri.query, known: ["dataset"])
        let slug = parameters.dataset()
        try parameters.check()
        let payments = try await PaymentBody.read(request)
        let dataset = try await dataset(slug, for: context)
        let answer: PaymentPredictions?
        do {
            answer = try await predictor.predict(payments, in: dataset)
        } catch let error as UnusableModel {
            throw Problem.unavailable(
                "Model \(error.id) cannot be used: \(error.reason). Activate another one.", retryAfter: .seconds(60))
        }
        guard let answer else {
            throw Problem.notFound("No classifier of \(dataset) is active: train and activate one.", field: "dataset")
        }
        var json = JSONWriter()
        json.object { $0.fields(of: answer, in: dataset) }
        return json.response(to: request)
    }

    /// - Throws: ``Problem`` 404 when the client can see none, 403 where small counts are hidden from it.
    private func model(_ request: Request, _ context: ClientContext) async throws -> StoredModel {
        var parameters = QueryParameters(request, context)
        let id = parameters.parsed("id", "the number of a model") { RowNumber.read($0) }
        try parameters.check()
        guard let id else { throw Problem.fault }
        guard let model = try await models.model(id) else { throw Self.none(id) }
        guard let status = try await catalogue.visible(model.dataset, to: context) else {
            var problem = Self.none(id)
            problem.isRefusal = true
            throw problem
        }
        try status.needEveryCount(for: "Models")
        return model
    }

    private static func response(_ model: StoredModel, to request: Request) -> Response {
        var json = JSONWriter()
        json.object { $0.fields(of: model) }
        return json.response(to: request)
    }

    private static func none(_ id: Int64) -> Problem { .notFound("There is no model \(id).", field: "id") }
}

extension QueryParameters {
    fileprivate mutating func modelKind() -> ModelKind? {
        let kinds = ModelKind.allCases.map(\.rawValue).joined(separator: " or ")
        return parsed("model_kind", kinds) { ModelKind(rawValue: $0) }
    }
}
