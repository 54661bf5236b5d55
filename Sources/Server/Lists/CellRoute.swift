import Domain
import H3
import Hummingbird
import Web

/// Answers `/v1/cells/{h3}`: the history of a cell, by day.
struct CellRoute {
    private static let known = Period.parameters + ["level"] + ListRequest.parameters

    let lists: ListAnswerer
    let risk: any RiskRepository

    @Sendable func respond(_ request: Request, _ context: ClientContext) async throws -> Response {
        var parameters = QueryParameters(request, context, known: Self.known)
        let cell = parameters.cell("h3")
        let list = try await ListRequest(request, &parameters, of: CellDayFeatures.self)
        let period = Period(&parameters)
        let levels = parameters.levels()
        let after = parameters.after { LocalDay($0) }
        try parameters.check()
        guard let cell else { throw Problem.fault }

        let status = try await lists.dataset(of: list, for: context)
        let slug = status.dataset.slug
        guard status.dataset.resolutions.contains(cell.resolution.number) else {
            let scored = status.dataset.resolutions.map(String.init).joined(separator: ", ")
            let message = "has resolution \(cell.resolution), but \(slug) is scored at \(scored)"
            throw Problem.badRequest([.init(field: "h3", message: message)])
        }
        let query = CellDaysQuery(
            slug, cell: cell, days: try period.range(of: status), levels: levels, disclosure: status.disclosure)
        return try await lists.answer(
            list, from: CellDayFeatures(risk: risk, query: query),
            after: after.map { RiskCursor(day: $0, cell: cell) },
            resolved: try period.resolved(of: status), name: "\(slug)-\(cell)", in: context)
    }
}
