import Domain
import Formats
import Hummingbird
import JSON
import Web

/// Answers `/v1/datasets/{slug}/quality`: the scores of a dataset, its findings, last batches and trend.
struct QualityRoute {
    let catalogue: DatasetCatalogue
    let quality: any QualityRepository

    @Sendable func respond(_ request: Request, _ context: ClientContext) async throws -> Response {
        var parameters = QueryParameters(request, context)
        let slug = parameters.parsed("slug", Slug.form) { Slug($0) }
        try parameters.check()
        guard let slug else { throw Problem.fault }
        _ = try await catalogue.dataset(slug, for: context)
        let found = try await quality.quality(of: slug)
        var json = JSONWriter()
        json.object { json in
            json.field("dataset", slug.text)
            json.field("scores", found.scores)
            json.field("batch_count", found.batchCount)
            json.field("received", found.scores.received)
            json.field("rejected", found.scores.rejected)
            json.figures(of: found.scores)
            json.field("newest_event", found.newestEvent?.description)
            json.counts("rejected_by_reason", found.rejects.byReason)
            json.counts("blank_by_column", found.blanks)
            json.counts("remedies", found.remedies.byName)
            json.array("findings", of: found.findings) { json, finding in
                json.object { json in
                    json.field("batch", Int(finding.batch))
                    json.field("found_at", finding.found.description)
                    json.fields(of: finding.finding)
                }
            }
            json.array("batches", of: found.batches) { json, batch in json.object { $0.fields(of: batch) } }
            json.array("trend", of: found.trend) { json, month in
                json.object { json in
                    json.field("month", month.month)
                    json.field("batches", month.batches)
                    json.field("findings", month.findings)
                    json.field("received", month.scores.received)
                    json.field("rejected", month.scores.rejected)
                    json.field("scores", month.scores)
                    json.figures(of: month.scores)
                }
            }
        }
        return json.response(to: request)
    }
}
