import Accounts
import Domain
import HTTPTypes
import Hummingbird
import JSON
import Web

extension IngestRoutes {
    /// Answers `POST /v1/events/upload` with the batch: 201, or 200 when the same key was sent before.
    @Sendable func upload(_ request: Request, _ context: ClientContext) async throws -> Response {
        var parameters = QueryParameters(request.uri.query, known: ["dataset", "mapping"])
        let dataset = parameters.dataset()
        let mapping = parameters.mapping()
        if parameters.text("dataset") == nil { parameters.reject("dataset", "must be given") }
        let key = parameters.idempotencyKey(of: request)
        try parameters.check()
        guard let dataset else { throw Problem.fault }
        let origin = try context.origin.text()

        try await check(dataset, for: context)
        let who = context.principal.identity.description
        let done = try await spool.withFile(request, of: who, in: context) { path in
            // The upload may have taken long, so the right is checked again.
            try await context.right?.check()
            let upload = FileUpload(
                dataset: dataset, mapping: mapping ?? "canonical", path: path, mostUnpacked: spool.mostUnpacked,
                source: "upload", requester: context.requester, key: key)
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
}
