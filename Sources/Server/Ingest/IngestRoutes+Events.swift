import Domain
import Foundation
import HTTPTypes
import Hummingbird
import JSON
import NIOCore
import Web

extension IngestRoutes {
    /// The largest body of single events in bytes.
    static let mostEventBytes = 1 << 20
    /// How long a request waits for another ingest into the dataset, and between two looks.
    private static let busyPatience = Duration.seconds(5)
    private static let busyPause = Duration.milliseconds(25)

    /// Answers `POST /v1/datasets/{slug}/events`: stores the event or events of the body, and answers when they are
    /// stored with their batch: 201, or 200 when the same key was sent before.
    @Sendable func events(_ request: Request, _ context: ClientContext) async throws -> Response {
        let type = ParameterizedValue.mediaType(request.headers[.contentType])
        guard let form = Self.forms[type] else {
            throw Problem(
                status: .unsupportedMediaType,
                detail: "The body must be application/json, application/geo+json or application/x-ndjson.")
        }
        var parameters = QueryParameters(request, context, known: ["mapping"])
        let slug = parameters.parsed("slug", Slug.form) { Slug($0) }
        let mapping = parameters.mapping()
        let key = parameters.idempotencyKey(of: request)
        try parameters.check()
        guard let slug else { throw Problem.fault }
        let origin = try context.origin.text()

        try await check(slug, for: context)
        let body = try await request.body.collect(upTo: Self.mostEventBytes)
        guard body.readableBytes > 0 else {
            throw Problem.badRequest("The request has no body: send an event, or an array of events.")
        }
        // The body may have taken long to come, so the right is checked again.
        try await context.right?.check()
        let done = try await withFile(of: body) { path in
            let upload = FileUpload(
                dataset: slug, mapping: mapping ?? form.mapping, dialect: StatedDialect(format: form.format),
                path: path, mostUnpacked: Self.mostEventBytes, source: "events by HTTP",
                requester: context.requester, key: key)
            return try await inTime { try await waiting(for: upload) }
        }
        var json = JSONWriter()
        json.object { $0.fields(of: done.batch) }
        var response = json.response(to: request, status: done.isRepeated ? .ok : .created)
        response.headers[.location] = "\(origin)/v1/ingest/batches/\(done.batch.id)"
        return response
    }

    /// How bodies are read, and the mapping that they usually have, by media type.
    private static let forms: [String: (format: String, mapping: String)] = [
        "application/json": ("json", "hextant-events"),
        "application/geo+json": ("json", "hextant-geojson"),
        "application/x-ndjson": ("ndjson", "hextant-events"),
    ]

    /// Ingests the upload. Other senders of single events, too, take turns, so a busy dataset is waited for.
    private func waiting(for upload: FileUpload) async throws -> IngestedUpload {
        let deadline = ContinuousClock.now + Self.busyPatience
        while true {
            do {
                return try await service.ingest(upload)
            } catch let refusal as IngestRefusal {
                guard refusal.code == .busy, .now < deadline else { throw refusal }
                try await Task.sleep(for: Self.busyPause)
            }
        }
    }

    /// Calls `body` with the path of a file that holds the bytes, and then deletes the file.
    private func withFile<Output>(
        of bytes: ByteBuffer, _ body: (String) async throws -> Output
    ) async throws -> Output {
        let parent = spool.folder?.path ?? FileManager.default.temporaryDirectory.path
        let path = "\(parent)/hextant-events-\(UUID().uuidString)"
        guard
            FileManager.default.createFile(
                atPath: path, contents: Data(bytes.readableBytesView), attributes: [.posixPermissions: 0o600])
        else { throw Problem.unavailable("There is no disk space for the body.", retryAfter: .seconds(60)) }
        defer { try? FileManager.default.removeItem(atPath: path) }
        return try await body(path)
    }
}
