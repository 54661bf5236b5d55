import Domain
import Formats
import HTTPTypes
import Hummingbird
import JSON
import Logging
import NIOCore
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
        let status = try await catalogue.dataset(list.dataset, for: context).needEvents()
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
    ///   - kept: Where the answer is kept if it is a page, for how long, and the version of what it is made of.
    ///   - members: Further members of a FeatureCollection.
    func answer<Source: FeatureSource>(
        _ list: ListRequest, from source: Source, after cursor: Source.Row.Cursor?, resolved: [String: String?],
        name: String, path: String? = nil, in context: ClientContext,
        kept: (cache: AnswerCache, age: Duration, version: String)? = nil,
        members: @escaping @Sendable (inout JSONWriter) -> Void = { _ in }
    ) async throws -> Response {
        let request = list.request
        guard !list.isPaged,
            let writer = list.format.writer(of: Source.self, columns: list.columns, members: members)
        else {
            let link = PageLink(
                origin: try context.origin.text(), path: path ?? request.uri.path, parameters: list.parameters,
                resolved: resolved)
            let make = { @Sendable () async throws -> ByteBuffer in
                let page = try await source.page(PageRequest(after: cursor, limit: list.pageLimit))
                return Self.body(list, source, page, link, members: members)
            }
            let body: ByteBuffer
            if let kept {
                // The link holds every parameter of the request and the values of those that it left open.
                let name = "\(kept.version) \(list.format.rawValue) \(link.text(after: cursor.map(source.text)))"
                body = try await kept.cache.answer(name, for: kept.age, make)
            } else {
                body = try await make()
            }
            var answer = body.response(to: request, mediaType: list.format.mediaType, vary: "Accept, Accept-Encoding")
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

    private static func body<Source: FeatureSource>(
        _ list: ListRequest, _ source: Source, _ page: Page<Source.Row>, _ link: PageLink,
        members: (inout JSONWriter) -> Void
    ) -> ByteBuffer {
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
        return json.buffer
    }
}

extension ListFormat {
    /// The way in which a browser takes a whole list: it shows GeoJSON, which it can read.
    fileprivate var disposition: String { self == .geojson ? "inline" : "attachment" }

    fileprivate var fileExtension: String { self == .flatgeobuf ? "fgb" : self == .geojsonseq ? "geojsons" : rawValue }
}
