import H3
import Hummingbird
import Risk

/// `/v1/risk/{date}`: the scored cells of one day, by cell.
struct RiskRoute {
    private static let known = ["dataset", "resolution", "level", "bbox", "cell", "limit", "after", "f"]

    let catalogue: DatasetCatalogue
    let risk: any RiskRepository

    @Sendable func respond(_ request: Request, _ context: ClientContext) async throws -> Response {
        var parameters = QueryParameters(request.uri.query, known: Self.known)
        let day = LocalDay(context.parameters["date"] ?? "")
        if day == nil { parameters.reject("date", "must be a date such as 2021-12-31") }
        let slug = parameters.dataset()
        let asked = parameters.resolution()
        let levels = parameters.levels()
        let bounds = parameters.bounds()
        let cell = parameters.cell("cell")
        let after = parameters.cell("after")
        let limit = parameters.limit(default: 100)
        let format = ListFormat(&parameters, accept: request.headers.combined(.accept))
        if let cell, let asked, cell.resolution.number != asked {
            parameters.reject("cell", "is of resolution \(cell.resolution) and not of \(asked)")
        }
        try parameters.check()
        guard let day else { throw Problem.fault }
        let origin = try context.origin.text()

        let status = try await catalogue.dataset(slug, for: context.principal)
        var rows: [RiskRow] = []
        var next: String?
        if let resolution = try status.resolution(asked: asked ?? cell?.resolution.number) {
            // One more than asked for tells whether there is a next page.
            rows = try await risk.rows(
                RiskQuery(
                    dataset: status.dataset.slug, day: day, resolution: resolution, levels: levels, bounds: bounds,
                    cell: cell, after: after, limit: limit + 1))
            if rows.count > limit {
                rows.removeLast(rows.count - limit)
                next = PageLink(
                    origin: origin, path: "/v1/risk/\(day)",
                    parameters: [
                        ("dataset", status.dataset.slug), ("resolution", String(resolution)),
                        ("level", parameters.text("level")), ("bbox", parameters.text("bbox")),
                        ("limit", String(limit)), ("f", parameters.text("f")),
                    ]
                ).text(after: rows[limit - 1].cell.description)
            }
        }
        var json = JSONWriter()
        switch format {
        case .json:
            json.list(of: rows, next: next) { json, row in json.object { $0.fields(of: row) } }
        case .geojson:
            json.featureCollection(of: rows, next: next) { json, row in
                json.feature(id: row.cell.description) {
                    $0.outline(row.cell)
                } properties: {
                    $0.fields(of: row)
                }
            }
        }
        return json.response(to: request, mediaType: format.mediaType, vary: "Accept, Accept-Encoding")
    }
}
