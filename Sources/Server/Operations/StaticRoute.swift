import HTTPTypes
import Hummingbird
import NIOCore
import Web

/// Answers `/` and the paths below it: the map page, and for a browser at a wrong path a page that leads back to it.
struct StaticRoute {
    /// The path of the page for paths at which there is nothing.
    private static let missing = "/404"

    /// The beginning of the paths of pages for frames.
    private static let widgets = "/widgets/"

    let files: StaticFiles
    let policy: ContentPolicy
    /// The policy of the pages for frames.
    let widgetPolicy: ContentPolicy

    @Sendable func respond(_ request: Request, _ context: ClientContext) async throws -> Response {
        guard let path = PercentEncoding.decode(request.uri.path, plusIsSpace: false), let file = files[path] else {
            return try notFound(request, context)
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
        headers[.contentSecurityPolicy] = path.hasPrefix(Self.widgets) ? widgetPolicy.text : policy.text
        for (name, value) in CommonHeaders.ofPages { headers[name] = value }
        return Response(status: .ok, headers: headers, body: .init(byteBuffer: accepted ?? file.plain))
    }

    /// The page about a wrong path for who asks for a page, that is a browser whose address was typed or followed.
    /// Its links need the whole URL of the server, since the wrong path may have any depth.
    private func notFound(_ request: Request, _ context: ClientContext) throws -> Response {
        guard let page = files[Self.missing],
            QualityList.entries(request.headers.combined(.accept) ?? "")
                .contains(where: { $0.value == "text/html" && $0.quality > 0 })
        else { throw Problem.notFound("There is nothing at this URL.") }
        let origin = HTMLText.escaped(try context.origin.text())
        let text = String(buffer: page.plain).replacing("{origin}", with: origin)
        var headers: HTTPFields = [
            .contentType: page.mediaType, .cacheControl: "no-cache", .vary: "Accept",
            .contentSecurityPolicy: policy.text,
        ]
        for (name, value) in CommonHeaders.ofPages { headers[name] = value }
        return Response(status: .notFound, headers: headers, body: .init(byteBuffer: ByteBuffer(string: text)))
    }

    /// Whether the client has the file: by the tag if it sent one, otherwise by the exact date that was sent with the
    /// file.
    private static func isKnown(_ tag: String, _ file: StaticFile, _ request: Request) -> Bool {
        if let tags = request.headers.combined(.ifNoneMatch) { return EntityTag.isKnown(tag, ifNoneMatch: tags) }
        return request.headers[.ifModifiedSince] == file.lastModified
    }
}

extension StaticRoute {
    init(files: StaticFiles, _ configuration: ServerConfiguration) {
        func policy(_ parents: [String]) -> ContentPolicy {
            ContentPolicy(basemap: configuration.basemap, origins: configuration.basemapOrigins, parents: parents)
        }
        self.init(files: files, policy: policy([]), widgetPolicy: policy(configuration.embedOrigins))
    }
}
