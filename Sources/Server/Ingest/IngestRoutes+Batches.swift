import Domain
import Formats
import Hummingbird
import JSON
import Web

extension IngestRoutes {
    /// Answers `/v1/ingest/batches`: batches, the newest first.
    @Sendable func batches(_ request: Request, _ context: ClientContext) async throws -> Response {
        var parameters = QueryParameters(request.uri.query, known: ["dataset", "limit", "after"])
        let dataset = parameters.dataset()
        let after = parameters.id("after")
        let limit = parameters.limit(default: 100)
        try parameters.check()
        let origin = try context.origin.text()

        try await check(dataset, for: context)
        let page = try await records.batches(of: dataset, PageRequest(after: after, limit: limit))
        let link = PageLink(
            origin: origin, path: "/v1/ingest/batches",
            parameters: [("dataset", dataset?.text), ("limit", String(limit))])
        var json = JSONWriter()
        json.list(of: page.rows, next: page.next.map { link.text(after: String($0)) }) { json, batch in
            json.object { $0.fields(of: batch) }
        }
        return json.response(to: request)
    }

    /// Answers `/v1/ingest/batches/{id}`: one batch.
    @Sendable func batch(_ request: Request, _ context: ClientContext) async throws -> Response {
        let batch = try await named(request, context)
        var json = JSONWriter()
        json.object { $0.fields(of: batch) }
        return json.response(to: request)
    }

    /// Answers `DELETE /v1/ingest/batches/{id}`: takes the batch back.
    @Sendable func delete(_ request: Request, _ context: ClientContext) async throws -> Response {
        let batch = try await named(request, context)
        let requester = context.requester
        let deleted = try await inTime { try await service.delete(batch: batch.id, by: requester) }
        var json = JSONWriter()
        json.object { json in
            json.field("batch", Int(deleted.batch))
            json.field("dataset", deleted.dataset.text)
            json.field("events", deleted.events)
            json.field("dead_letters", deleted.deadLetters)
            json.name("run")
            if let run = deleted.run { json.value(Int(run)) } else { json.null() }
        }
        return json.response(to: request)
    }

    /// The batch that the path names.
    private func named(_ request: Request, _ context: ClientContext) async throws -> IngestBatch {
        var parameters = QueryParameters(request, context)
        let id = parameters.id("id")
        try parameters.check()
        guard let id, let batch = try await batch(id, for: context) else {
            throw Problem.notFound("There is no such batch.", field: "id")
        }
        return batch
    }
}

extension JSONWriter {
    mutating func fields(of batch: IngestBatch) {
        field("id", Int(batch.id))
        field("dataset", batch.dataset.text)
        field("source", batch.source)
        field("sha256", batch.sha256)
        field("mapping", batch.mapping)
        field("state", batch.state)
        fields(of: batch.counts)
        array("warnings", of: batch.warnings) { json, warning in json.value(warning) }
        field("error", batch.error)
        field("started_at", batch.started.description)
        field("finished_at", batch.finished?.description)
        name("quality")
        if let quality = batch.quality { object { $0.fields(of: quality) } } else { null() }
    }

    private mutating func fields(of counts: IngestCounts) {
        field("received", counts.received)
        field("accepted", counts.accepted)
        field("duplicate", counts.duplicate)
        field("rejected", counts.rejected)
        field("filtered", counts.filtered)
        name("rejected_by_reason")
        if let rejects = counts.rejects {
            object { json in
                for (reason, count) in rejects.byReason.sorted(by: { $0.key < $1.key }) { json.field(reason, count) }
            }
        } else {
            null()
        }
        field("dead_letters_omitted", counts.deadLettersOmitted)
    }
}
