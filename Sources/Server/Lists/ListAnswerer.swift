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
    /// Whether the page on what figures cannot tell is served.
    let hasLimits: Bool

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
    ///   - cursor: The cursor after which the answer begins.
    ///   - resolved: Values of parameters that were not given, so that they stay the same on the next page.
    ///   - name: The name of a file with the list.
    ///   - path: The path of the next page; by default that of the request.
    ///   - members: Further members of a FeatureCollection.
    func answer<Source: FeatureSource>(
        _ list: ListRequest, from source: Source, after cursor: Source.Row.Cursor?, resolved: [String: String?],
        name: String, path: String? = nil, in context: ClientContext, members: (inout JSONWriter) -> Void = { _ in }
    ) async throws -> Response {
        let request = list.request
        guard !list.isPaged,
            let writer = list.format.writer(of: Source.self, columns: list.columns, members: members)
        else {
            let link = PageLink(
                origin: try context.origin.text(), path: path ?? request.uri.path, parameters: list.parameters,
                resolved: resolved)
            let page = try await source.page(PageRequest(after: cursor, limit: list.pageLimit))
            var answer = response(list, source, page, link, members: members)
            if hasLimits { answer.headers[.link] = LimitsPage.header(try context.origin.text()) }
            return answer
        }
        let isCompressed = AcceptEncoding.prefersGzip(request.headers.combined(.acceptEncoding))
        let stream = FeatureStream(
            source: source, writer: writer, limit: list.wholeLimit, isCompressed: isCompressed, timeout: timeout,
            right: context.right)
        let first = try await stream.page(
            after: cursor, limit: min(list.wholeLimit ?? .max, FeatureStream<Source>.firstPage))
        var headers: HTTPFields = [
            .contentType: list.format.contentType, .cacheControl: "no-cache", .vary: "Accept, Accept-Encoding",
            .contentDisposition: "\(list.format.disposition); filename=\"\(name).\(list.format.fileExtension)\"",
        ]
        if isCompressed { headers[.contentEncoding] = "gzip" }
        if hasLimits { headers[.link] = LimitsPage.header(try context.origin.text()) }
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

    private func response<Source: FeatureSource>(
        _ list: ListRequest, _ source: Source, _ page: Page<Source.Row>, _ link: PageLink,
        members: (inout JSONWriter) -> Void
    ) -> Response {
        let next = page.next.map { link.text(after: source.text($0)) }
        let properties = list.columns.map { Source.properties[$0] }
        var json = JSONWriter()
        if list.format == .geojson {
            json.featureCollection(of: page.rows, next: next, members: members) { json, row in
                json.feature(source.feature(row), properties, list.columns)
            }
        } else {
            json.list(of: page.rows, next: next) { json, row in
                json.object { $0.fields(of: source.feature(row), properties, list.columns) }
            }
        }
        return json.response(to: list.request, mediaType: list.format.mediaType, vary: "Accept, Accept-Encoding")
    }
}

extension ListFormat {
    /// The way in which a browser takes a whole list: it shows GeoJSON, which it can read.
    fileprivate var disposition: String { self == .geojson ? "inline" : "attachment" }

    fileprivate var fileExtension: String { self == .flatgeobuf ? "fgb" : self == .geojsonseq ? "geojsons" : rawValue }
}
