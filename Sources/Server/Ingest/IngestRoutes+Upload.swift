import Accounts
import Domain
import HTTPTypes
import Hummingbird
import JSON
import Web

extension IngestRoutes {
    /// Answers `POST /v1/events/upload` with the batch: 201, or 200 when the same key was sent before.
    @Sendable func upload(_ request: Request, _ context: ClientContext) async throws -> Response {
        var parameters = QueryParameters(request.uri.query, known: ["dataset", "mapping", "sheet", "layer"])
        let dataset = parameters.dataset()
        let mapping = parameters.mapping()
        let sheet = parameters.parsed("sheet", "the name of a sheet, 1 to 255 bytes", Self.name)
        let layer = parameters.parsed("layer", "the name of a layer, 1 to 255 bytes", Self.name)
        if parameters.text("dataset") == nil { parameters.reject("dataset", "must be given") }
        let key = parameters.idempotencyKey(of: request)
        try parameters.check()
        guard let dataset else { throw Problem.fault }
        return try await store(
            request, context, into: dataset, mapping: mapping ?? "canonical", sheet: sheet, layer: layer, key: key)
    }

    /// Stores the body of a request as a batch, and answers with it.
    func store(
        _ request: Request, _ context: ClientContext, into dataset: Slug, mapping: String, sheet: String? = nil,
        layer: String? = nil, key: String?
    ) async throws -> Response {
        let origin = try context.origin.text()
        try await check(dataset, for: context)
        let who = context.principal.identity.description
        let done = try await spool.withFile(request, of: who, in: context) { path in
            // The upload may have taken long, so the right is checked again.
            try await context.right?.check()
            let upload = FileUpload(
                dataset: dataset, mapping: mapping, path: path, mostUnpacked: spool.mostUnpacked,
                sheet: sheet, layer: layer, source: "upload", requester: context.requester, key: key)
            return try await inTime { try await service.ingest(upload) }
        }
        var json = JSONWriter()
        json.object { json in
            json.fields(of: done.batch)
        }
        var response = json.response(to: request, status: done.isRepeated ? .ok : .created)
        response.headers[.location] = "\(origin)/v1/ingest/batches/\(done.batch.id)"
        return response
    }

    /// The name of a sheet or layer; nil for one that is blank or too long.
    private static func name(_ text: String) -> String? { (1...255).contains(text.utf8.count) ? text : nil }
}
