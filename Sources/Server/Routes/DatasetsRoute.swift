import Hummingbird
import Risk

/// `/v1/datasets`: the datasets that the client may see.
struct DatasetsRoute {
    let catalogue: DatasetCatalogue

    @Sendable func respond(_ request: Request, _ context: ClientContext) async throws -> Response {
        try QueryParameters(request.uri.query, known: []).check()
        var json = JSONWriter()
        json.list(of: try await catalogue.visible(to: context), next: nil) { json, status in
            json.object { json in
                json.field("dataset", status.dataset.slug)
                json.fields(of: status)
                json.name("bounds")
                if let bounds = status.bounds { json.value(bounds) } else { json.null() }
            }
        }
        return json.response(to: request)
    }
}
