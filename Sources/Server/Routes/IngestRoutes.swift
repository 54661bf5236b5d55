import HTTPTypes
import Hummingbird
import Risk

/// Uploads, batches and dead letters; all of them the operator's.
struct IngestRoutes {
    let records: any IngestRepository
    let service: any IngestService
    let operatorOnly: OperatorOnly<BasicRequestContext>
    let spool: UploadSpool
    let publicURL: String?

    func add(to routes: Routes) {
        routes.get("/v1/ingest/batches", guarded(batches))
        routes.get("/v1/ingest/batches/{id}", guarded(batch))
        routes.get("/v1/ingest/dead-letters", guarded(deadLetters))
        // Neither has a time limit: it takes as long as the file is long.
        post("/v1/ingest/dead-letters/remediate", remediate, routes)
        post("/v1/events/upload", upload, routes)
    }

    private func post(_ path: RouterPath, _ handler: @escaping Routes.Handler, _ routes: Routes) {
        routes.router.on(path, method: .post, use: guarded(handler))
        for method in [.get] + Routes.refusedMethods where method != .post {
            routes.router.on(path, method: method) { _, _ -> Response in
                throw Problem.methodNotAllowed(allowed: "POST")
            }
        }
    }

    private func guarded(_ handler: @escaping Routes.Handler) -> Routes.Handler {
        { request, context in
            try await operatorOnly.handle(request, context: context) { request, context in
                do {
                    return try await handler(request, context)
                } catch let refusal as IngestRefusal {
                    throw Problem(refusal)
                }
            }
        }
    }
}

extension Problem {
    fileprivate init(_ refusal: IngestRefusal) {
        let status: HTTPResponse.Status =
            switch refusal.code {
            case .noSuchDataset, .noSuchBatch: .notFound
            case .noSuchMapping: .badRequest
            case .file, .key: .unprocessableContent
            case .busy: .conflict
            }
        self.init(status: status, detail: refusal.description)
        if refusal.code == .busy { headers[.retryAfter] = "5" }
    }
}

extension QueryParameters {
    /// Name of a built-in mapping: a client may not name files of the server.
    mutating func mapping() -> String? {
        parsed("mapping", "the name of a built-in mapping: letters, digits, - and _") { text in
            (1...63).contains(text.utf8.count)
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

    /// A number that the database gave.
    mutating func id(_ name: String) -> Int64? {
        parsed(name, "a number from a list of this server") { text in
            guard (1...18).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
                return nil
            }
            return Int64(text)
        }
    }
}
