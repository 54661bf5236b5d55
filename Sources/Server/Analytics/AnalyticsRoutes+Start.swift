import Domain
import HTTPTypes
import Hummingbird
import Tiles
import Web

extension AnalyticsRoutes {
    private static let known = ["dataset", "resolution", "from", "to", "normalization", "refresh"]

    /// Answers `POST /v1/analytics/run` with 202, the run, and its URL.
    @Sendable func start(_ request: Request, _ context: ClientContext) async throws -> Response {
        var parameters = QueryParameters(request.uri.query, known: Self.known)
        let slug = parameters.dataset()
        let asked = parameters.resolutions()
        let period = Period(&parameters)
        let normalization = parameters.parsed("normalization", "minmax or percentile") { Normalization(rawValue: $0) }
        let refresh = parameters.parsed("refresh", "true or false") { Bool($0) }
        let key = parameters.idempotencyKey(of: request)
        try parameters.check()
        let origin = try context.origin.text()

        let status = try await catalogue.dataset(slug, for: context)
        guard status.dataset.holds == .events else {
            throw Problem.badRequest([
                .init(field: "dataset", message: "holds expenditures, which have no place and so no scores")
            ])
        }
        let (from, to) = try period.days(of: status)
        for resolution in asked ?? [] { _ = try status.resolution(asked: resolution) }
        let order = RunOrder(
            dataset: status.dataset.slug, resolutions: asked ?? status.dataset.resolutions, from: from, to: to,
            normalization: normalization ?? .minmax, refresh: refresh ?? true)
        let run = try await Self.orKeyTaken { try await runs.start(order, by: context.requester, key: key) }
        var response = response(run, to: request, status: .accepted)
        response.headers[.location] = "\(origin)/v1/analytics/runs/\(run.id)"
        return response
    }

    /// The result of `start`.
    /// - Throws: ``Problem`` 422 when the idempotency key was used for another run.
    static func orKeyTaken(_ start: () async throws -> AnalyticsRun) async throws -> AnalyticsRun {
        do {
            return try await start()
        } catch is RunKeyTaken {
            throw Problem(
                status: .unprocessableContent, detail: "The Idempotency-Key was used for another run: use a new one.")
        }
    }
}

extension QueryParameters {
    /// Parses H3 resolutions separated by commas, ascending and each once.
    fileprivate mutating func resolutions() -> [Int]? {
        parsed("resolution", "one or more H3 resolutions from 0 to 15, with commas") { text in
            let parts = text.split(separator: ",", omittingEmptySubsequences: false)
            let numbers = parts.compactMap { $0.utf8.count <= 2 ? UInt8($0) : nil }.map(Int.init)
            guard numbers.count == parts.count, numbers.allSatisfy((0...15).contains) else { return nil }
            return Set(numbers).sorted()
        }
    }
}
