import Domain
import H3
import Hummingbird
import Tiles
import Web

/// Answers `/v1/risk/{date}`: the scored cells of one day, by cell.
struct RiskRoute {
    private static let known = ["resolution", "level", "bbox", "cell"] + ListRequest.parameters

    let lists: ListAnswerer
    let risk: any RiskRepository

    @Sendable func respond(_ request: Request, _ context: ClientContext) async throws -> Response {
        var parameters = QueryParameters(request, context, known: Self.known)
        let date = parameters.namedDay("date")
        let list = try await ListRequest(request, &parameters, of: RiskDayFeatures.self)
        let asked = parameters.resolution()
        let levels = parameters.levels()
        let cell = parameters.cell("cell")
        let after = parameters.cell("after")
        if let cell, let asked, cell.resolution.number != asked {
            parameters.reject("cell", "has resolution \(cell.resolution), not \(asked)")
        }
        try parameters.check()
        guard let date else { throw Problem.fault }

        let status = try await lists.dataset(of: list, for: context)
        guard let day = date.day(of: status) else {
            throw Problem.badRequest([.init(field: "date", message: "is latest, but nothing is scored yet")])
        }
        let slug = status.dataset.slug
        let resolution = try status.resolution(asked: asked ?? cell?.resolution.number)
        let query = resolution.map { resolution in
            CellQuery(list.selection(of: status), days: day...day, resolution: resolution, levels: levels)
        }
        return try await lists.answer(
            list, from: RiskDayFeatures(cells: RiskFeatures(risk: risk, query: query, cell: cell)),
            after: after.map { RiskCursor(day: day, cell: $0) },
            resolved: ["dataset": slug.text, "resolution": resolution.map(String.init)], name: "\(slug)-risk-\(day)",
            path: "/v1/risk/\(day)", in: context)
    }
}
