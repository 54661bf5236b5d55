import Domain
import Formats
import Hummingbird
import JSON
import Tiles
import Web

/// Answers `/v1/outlook/evaluation`: how forecasts did on days that have passed, the newest evaluation first.
struct EvaluationRoute {
    private static let known = ["dataset", "resolution", "kind", "horizon", "limit", "after"]

    let catalogue: DatasetCatalogue
    let outlooks: any OutlookRepository

    @Sendable func respond(_ request: Request, _ context: ClientContext) async throws -> Response {
        var parameters = QueryParameters(request.uri.query, known: Self.known)
        let slug = parameters.dataset()
        let resolution = parameters.resolution()
        let kind = parameters.eventKind()
        let horizon = parameters.parsed("horizon", "a number of days from 1 to 28") { text -> Int? in
            guard text.utf8.count <= 2, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let days = Int(text),
                (1...28).contains(days)
            else { return nil }
            return days
        }
        let limit = parameters.limit(default: 100)
        let after = parameters.parsed("after", "taken from the link to the next page") { RowNumber.read($0) }
        try parameters.check()
        let origin = try context.origin.text()

        let status = try await catalogue.dataset(slug, for: context).needEvents()
        try status.needEveryCount(for: "Evaluations")
        if let kind { _ = try status.dataset.types(of: kind) }
        let page = try await outlooks.evaluations(
            OutlookEvaluationQuery(
                dataset: status.dataset.slug, resolution: resolution, kind: kind, horizon: horizon),
            PageRequest(after: after, limit: limit))
        let link = PageLink(
            origin: origin, path: "/v1/outlook/evaluation",
            parameters: [
                ("dataset", status.dataset.slug.text), ("resolution", resolution.map(String.init)),
                ("kind", kind?.text), ("horizon", horizon.map(String.init)), ("limit", String(limit)),
            ])
        var json = JSONWriter()
        json.list(of: page.rows, next: page.next.map { link.text(after: String($0)) }) { json, evaluation in
            json.object { $0.fields(of: evaluation) }
        }
        return json.response(to: request)
    }
}

extension JSONWriter {
    fileprivate mutating func fields(of evaluation: OutlookEvaluation) {
        field("id", Int(evaluation.id))
        field("dataset", evaluation.dataset.text)
        field("resolution", evaluation.resolution)
        field("kind", evaluation.kind.text)
        field("horizon", evaluation.horizon)
        field("from", evaluation.days.lowerBound.description)
        field("to", evaluation.days.upperBound.description)
        field("cells", evaluation.cells)
        field("origins", evaluation.origins)
        field("outside", evaluation.outside)
        field("is_behind", evaluation.isBehind)
        field("best_rival", evaluation.bestRival)
        name("methods")
        raw(evaluation.methods)
        name("comparisons")
        raw(evaluation.comparisons)
        field("made_at", evaluation.madeAt.description)
    }
}
