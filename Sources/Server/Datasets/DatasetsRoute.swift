import Domain
import Formats
import Hummingbird
import JSON
import Web

/// Answers `/v1/datasets`: the datasets that the client can see, by slug.
struct DatasetsRoute {
    let catalogue: DatasetCatalogue

    @Sendable func respond(_ request: Request, _ context: ClientContext) async throws -> Response {
        var parameters = QueryParameters(request.uri.query, known: ["limit", "after"])
        let limit = parameters.limit(default: 100)
        let after = parameters.after { Slug($0) }
        try parameters.check()
        let origin = try context.origin.text()

        let page = try await catalogue.page(for: context, PageRequest(after: after, limit: limit))
        let link = PageLink(origin: origin, path: request.uri.path, parameters: [("limit", String(limit))])
        var json = JSONWriter()
        json.list(of: page.rows, next: page.next.map { link.text(after: $0.text) }) { json, status in
            json.object { json in
                json.field("dataset", status.dataset.slug.text)
                json.fields(of: status)
                json.field("bounds", status.bounds)
            }
        }
        return json.response(to: request)
    }
}
