import HTTPTypes
import Hummingbird
import Web

/// Answers `/` and the paths below it: the map page.
struct StaticRoute {
    let files: StaticFiles
    let policy: ContentPolicy

    @Sendable func respond(_ request: Request, _ context: ClientContext) async throws -> Response {
        guard let path = PercentEncoding.decode(request.uri.path, plusIsSpace: false), let file = files[path] else {
            throw Problem.notFound("There is nothing at this URL.")
        }
        let accepted = AcceptEncoding.prefersGzip(request.headers.combined(.acceptEncoding)) ? file.gzip : nil
        let tag = accepted == nil ? "\"\(file.tag)\"" : "\"\(file.tag)-gzip\""
        // Browsers keep the files but revalidate them each time, so that a new release of the page appears at once.
        var headers: HTTPFields = [
            .eTag: tag, .lastModified: file.lastModified, .cacheControl: "no-cache", .vary: "Accept-Encoding",
        ]
        if Self.isKnown(tag, file, request) { return Response(status: .notModified, headers: headers) }
        headers[.contentType] = file.mediaType
        if accepted != nil { headers[.contentEncoding] = "gzip" }
        headers[.contentSecurityPolicy] = policy.text
        for (name, value) in CommonHeaders.ofPages { headers[name] = value }
        return Response(status: .ok, headers: headers, body: .init(byteBuffer: accepted ?? file.plain))
    }

    /// Whether the client has the file: by the tag if it sent one, otherwise by the exact date that was sent with the
    /// file.
    private static func isKnown(_ tag: String, _ file: StaticFile, _ request: Request) -> Bool {
        if let tags = request.headers.combined(.ifNoneMatch) { return EntityTag.isKnown(tag, ifNoneMatch: tags) }
        return request.headers[.ifModifiedSince] == file.lastModified
    }
}
