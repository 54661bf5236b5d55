import Domain
import Formats
import Hummingbird
import JSON
import Web

extension IngestRoutes {
    /// Answers `/v1/ingest/dead-letters`: dead letters in the order of their ids.
    @Sendable func deadLetters(_ request: Request, _ context: ClientContext) async throws -> Response {
        var parameters = QueryParameters(
            request.uri.query, known: ["dataset", "batch", "reason", "remediated", "limit", "after"])
        let dataset = parameters.dataset()
        let batch = parameters.id("batch")
        let reason = parameters.reason()
        let includesRemediated = parameters.parsed("remediated", "true or false") { Bool($0) } ?? false
        let after = parameters.id("after")
        let limit = parameters.limit(default: 100)
        try parameters.check()
        let origin = try context.origin.text()

        // A batch determines its dataset.
        var scope = dataset
        if scope == nil, let batch { scope = try await self.batch(batch, for: context)?.dataset }
        try await check(scope, for: context)
        let page = try await records.deadLetters(
            DeadLetterQuery(dataset: dataset, batch: batch, reason: reason, includesRemediated: includesRemediated),
            PageRequest(after: after, limit: limit))
        let link = PageLink(
            origin: origin, path: "/v1/ingest/dead-letters",
            parameters: [
                ("dataset", dataset?.text), ("batch", parameters.text("batch")), ("reason", reason),
                ("remediated", parameters.text("remediated")), ("limit", String(limit)),
            ])
        var json = JSONWriter()
        json.list(of: page.rows, next: page.next.map { link.text(after: String($0)) }) { json, letter in
            json.object { $0.fields(of: letter) }
        }
        return json.response(to: request)
    }

    /// Answers `POST /v1/ingest/dead-letters/remediate` with the result.
    @Sendable func remediate(_ request: Request, _ context: ClientContext) async throws -> Response {
        var parameters = QueryParameters(request.uri.query, known: ["batch", "mapping", "reason"])
        let batch = parameters.id("batch")
        let mapping = parameters.mapping()
        let reason = parameters.reason()
        for name in ["batch", "mapping"] where parameters.text(name) == nil { parameters.reject(name, "must be given") }
        try parameters.check()
        guard let batch, let mapping else { throw Problem.fault }
        guard try await self.batch(batch, for: context) != nil else {
            throw Problem.notFound("There is no batch \(batch).", field: "batch")
        }
        let requester = context.requester
        let done = try await inTime {
            try await service.remediate(batch: batch, mapping: mapping, reason: reason, by: requester)
        }
        var json = JSONWriter()
        json.object { json in
            json.field("batch", Int(done.batch))
            json.field("examined", done.examined)
            json.field("remediated", done.remediated)
            json.field("accepted", done.accepted)
            json.counts("remedies", done.remedies.byName)
        }
        return json.response(to: request)
    }
}

extension QueryParameters {
    mutating func reason() -> String? {
        parsed("reason", "a reason code such as bad_timestamp") { text in
            (1...63).contains(text.utf8.count)
                && text.utf8.allSatisfy { (0x61...0x7a).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5f }
                ? text : nil
        }
    }
}

extension JSONWriter {
    fileprivate mutating func fields(of stored: StoredDeadLetter) {
        field("id", Int(stored.id))
        field("batch", Int(stored.batch))
        field("dataset", stored.dataset.text)
        field("row_number", Int(stored.letter.rowNumber))
        field("line_number", Int(stored.letter.lineNumber))
        field("reason", stored.letter.reasonCode)
        field("detail", stored.letter.detail)
        field("raw", stored.letter.raw)
        field("remediated_at", stored.remediated?.description)
    }
}
