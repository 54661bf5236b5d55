import Domain
import Formats
import HTTPTypes
import Hummingbird
import JSON
import Logging
import Web

/// Answers with the features of a list in the requested format.
struct ListAnswerer: Sendable {
    let catalogue: DatasetCatalogue
    let polygons: any DrawnPolygonRepository
    /// How long a page of a whole list may take.
    let timeout: Duration

    /// The dataset of a list.
    /// - Throws: ``Problem`` 404 when the client can see none, 400 for an invalid drawn polygon.
    func dataset(of list: ListRequest, for context: ClientContext) async throws -> DatasetStatus {
        let status = try await catalogue.dataset(list.dataset, for: context)
        if let polygon = list.polygon, let fault = try await polygons.fault(of: polygon) {
            throw Problem.badRequest([.init(field: "polygon", message: "is not valid: \(fault)")])
        }
        return status
    }

    /// - Parameters:
    ///   - parameters: The parameters of the request, which the link to the next page repeats.
    ///   - resolved: Values of parameters that were not given, so that they stay the same on the next page.
    ///   - name: The name of a file with the list.
    ///   - members: Further members of a FeatureCollection.
    func answer<Source: FeatureSource>(
        _ list: ListRequest, from source: Source, after cursor: Source.Cursor?, parameters: QueryParameters,
        resolved: [String: String?], name: String, to request: Request, in context: ClientContext,
        members: (inout JSONWriter) -> Void = { _ in }
    ) async throws -> Response {
        guard let writer = list.format.writer(of: Source.self, columns: list.columns) else {
            let origin = try context.origin.text()
            let link = PageLink(origin: origin, path: request.uri.path, parameters: parameters, resolved: resolved)
            return try await page(list, source, after: cursor, link, to: request, members: members)
        }
        let isCompressed = AcceptEncoding.prefersGzip(request.headers.combined(.acceptEncoding))
        let stream = FeatureStream(
            source: source, writer: writer, limit: list.limit, isCompressed: isCompressed, timeout: timeout,
            right: context.right)
        let first = try await stream.page(
            after: cursor, limit: min(list.limit ?? .max, FeatureStream<Source>.firstPage))
        var headers: HTTPFields = [
            .contentType: list.format.contentType, .cacheControl: "no-cache", .vary: "Accept, Accept-Encoding",
            .contentDisposition: "attachment; filename=\"\(name).\(list.format.fileExtension)\"",
        ]
        if isCompressed { headers[.contentEncoding] = "gzip" }
        let logger = context.logger
        let path = ShownText.of(request.uri.path, upTo: RequestObserver.longestPath)
        return Response(
            status: .ok, headers: headers,
            body: ResponseBody { body in
                do {
                    try await stream.write(first, to: &body)
                } catch {
                    // Closes the connection without an end of the body, so that nobody takes a part for the whole.
                    if !Task.isCancelled {
                        logger.warning("an answer was cut off", metadata: ["error": "\(error)", "path": "\(path)"])
                    }
                    throw error
                }
                try await body.finish(nil)
            })
    }

    private func page<Source: FeatureSource>(
        _ list: ListRequest, _ source: Source, after cursor: Source.Cursor?, _ link: PageLink,
        to request: Request, members: (inout JSONWriter) -> Void
    ) async throws -> Response {
        let limit = list.limit ?? 0
        // One more feature than requested shows whether there is a next page.
        let page = try await source.page(after: cursor, limit: limit + 1)
        let rows = page.rows.prefix(limit)
        let hasMore = page.isCut || page.rows.count > limit
        let next = hasMore ? rows.last.map { link.text(after: source.text($0.cursor)) } : nil
        let properties = list.columns.map { Source.properties[$0] }
        var json = JSONWriter()
        if list.format == .geojson {
            json.featureCollection(of: rows, next: next, members: members) { json, row in
                json.feature(row.feature, properties, list.columns)
            }
        } else {
            json.list(of: rows, next: next) { json, row in
                json.object { $0.fields(of: row.feature, properties, list.columns) }
            }
        }
        return json.response(to: request, mediaType: list.format.mediaType, vary: "Accept, Accept-Encoding")
    }
}

extension ListFormat {
    fileprivate var fileExtension: String { self == .flatgeobuf ? "fgb" : self == .geojsonseq ? "geojsons" : rawValue }
}
