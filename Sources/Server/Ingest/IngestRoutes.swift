import Accounts
import Caching
import Domain
import HTTPTypes
import Hummingbird
import Web

/// Answers routes for uploads, batches and dead letters of the datasets that an analyst sees.
struct IngestRoutes {
    let catalogue: DatasetCatalogue
    let records: any IngestRepository
    let service: any IngestService
    let spool: UploadSpool
    /// How long an ingest may lock its dataset.
    let timeout: Duration

    var endpoints: [Endpoint] {
        let rule = AccessRule.role(.analyst)
        return [
            .get("/v1/ingest/batches", rule, telling(batches)),
            Endpoint(
                "/v1/ingest/batches/{id}",
                [
                    .get: .init(rule: rule, handler: telling(batch)),
                    // The time depends on how many events the dataset has.
                    .delete: .init(rule: rule, isTimed: false, handler: telling(delete)),
                ]),
            .get("/v1/ingest/dead-letters", rule, telling(deadLetters)),
            // The time limit begins when the body has arrived, which takes time in proportion to its length.
            .post("/v1/ingest/dead-letters/remediate", rule, .none, cost: .units(20), telling(remediate)),
            .post("/v1/events/upload", rule, .file, cost: .units(20), telling(upload)),
            .post(
                "/v1/datasets/{slug}/events", rule, .small(upTo: Self.mostEventBytes), cost: .units(2),
                telling(events)),
        ]
    }

    /// The handler with refusals of the ingest turned into problems.
    func telling(_ handler: @escaping Endpoint.Handler) -> Endpoint.Handler {
        { request, context in
            do {
                return try await handler(request, context)
            } catch let refusal as IngestRefusal {
                throw Problem(refusal)
            }
        }
    }

    /// Cancels `work` when it takes too long. Nothing of it is stored then.
    /// - Throws: ``Problem`` 503 when it took too long.
    func inTime<Value: Sendable>(_ work: @escaping @Sendable () async throws -> Value) async throws -> Value {
        do {
            return try await withDeadline(timeout, work)
        } catch is DeadlineExceeded {
            throw Problem.unavailable(
                "The ingest took longer than \(Problem.wholeSeconds(timeout)) s, the limit here: split the file.",
                retryAfter: .seconds(60))
        }
    }

    /// - Throws: ``Problem`` 404 for a dataset that the client cannot see, 400 for none when the client cannot see all.
    func check(_ dataset: Slug?, for context: ClientContext) async throws {
        if let dataset {
            _ = try await catalogue.dataset(dataset, for: context)
        } else if try await !context.asking().seesEverything {
            throw Problem.badRequest([.init(field: "dataset", message: "must be given")])
        }
    }

    /// - Returns: `nil` when the client can see none.
    func batch(_ id: Int64, for context: ClientContext) async throws -> IngestBatch? {
        guard let batch = try await records.batch(id) else { return nil }
        return try await catalogue.visible(batch.dataset, to: context) == nil ? nil : batch
    }
}

extension Problem {
    fileprivate init(_ refusal: IngestRefusal) {
        let status: HTTPResponse.Status =
            switch refusal.code {
            case .noSuchDataset, .noSuchBatch: .notFound
            case .noSuchMapping: .badRequest
            case .file, .key: .unprocessableContent
            case .busy, .failedBatch: .conflict
            case .right: .forbidden
            }
        self.init(status: status, detail: refusal.description, isRefusal: refusal.code == .right)
        if refusal.code == .busy { headers[.retryAfter] = "5" }
    }
}

extension QueryParameters {
    /// Parses the name of a built-in mapping. A client must not name files of the server.
    mutating func mapping() -> String? {
        parsed("mapping", "the name of a built-in mapping: letters, digits, - and _") { text in
            (1...63).contains(text.utf8.count) && text.utf8.first.map { $0 != UInt8(ascii: "-") } == true
                && text.utf8.allSatisfy {
                    switch $0 {
                    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                        UInt8(ascii: "-"), UInt8(ascii: "_"):
                        true
                    default: false
                    }
                } ? text : nil
        }
    }

    /// Parses an id that the database gave.
    mutating func id(_ name: String) -> Int64? {
        parsed(name, "a number from a list of this server") { RowNumber.read($0) }
    }
}
