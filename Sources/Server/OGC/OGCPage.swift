import HTTPTypes
import Hummingbird
import JSON
import Web

/// A request for a resource of the OGC API, with its format and URLs.
struct OGCPage {
    /// The parameters of a resource that has no others.
    static let parameters = ["f"]

    let format: OGCFormat
    let urls: OGCURLs
    private let request: Request
    private let parameters: QueryParameters

    /// - Throws: ``Problem`` 400 for an unknown or invalid parameter.
    init(_ request: Request, _ context: ClientContext, _ parameters: QueryParameters? = nil) throws {
        var parameters = parameters ?? QueryParameters(request.uri.query, known: Self.parameters)
        format = OGCFormat(&parameters, accept: request.headers.combined(.accept))
        try parameters.check()
        self.parameters = parameters
        self.request = request
        urls = OGCURLs(origin: try context.origin.text())
    }

    /// Links to the resource itself and to its other format.
    func links(_ mediaType: String = "application/json") -> [Document] {
        let isJSON = format == .json
        return [
            .link("self", own(format), isJSON ? mediaType : "text/html", "This document"),
            .link(
                "alternate", own(isJSON ? .html : .json), isJSON ? "text/html" : mediaType,
                isJSON ? "This document as HTML" : "This document as JSON"),
        ]
    }

    /// The URL of the page after this one.
    /// - Parameter resolved: Values that replace those of parameters.
    func next(after cursor: String, _ resolved: [String: String?] = [:]) -> String {
        link(resolved.merging(["f": parameters.text("f")]) { $1 }).text(after: cursor)
    }

    private func own(_ format: OGCFormat) -> String {
        link(["f": format.rawValue]).text(after: parameters.text("after"))
    }

    private func link(_ resolved: [String: String?]) -> PageLink {
        PageLink(origin: urls.origin, path: request.uri.path, parameters: parameters, resolved: resolved)
    }

    /// - Parameter json: The JSON for programs, where it differs from the document.
    func response(
        _ title: String, parents: [(name: String, url: String)] = [], _ document: Document,
        mediaType: String = "application/json", json: (() -> JSONWriter)? = nil
    ) -> Response {
        let vary = "Accept, Accept-Encoding"
        if format == .json {
            var writer = JSONWriter()
            if let json { writer = json() } else { writer.value(document) }
            return writer.buffer.response(to: request, mediaType: mediaType, vary: vary)
        }
        let home = (name: "Hextant", url: urls.root + "?f=html")
        let page = HTMLWriter(title, parents: (request.uri.path == OGCURLs.path ? [] : [home]) + parents, document)
        var response = page.buffer.response(to: request, mediaType: "text/html; charset=utf-8", vary: vary)
        response.headers[.contentSecurityPolicy] = HTMLWriter.policy
        return response
    }
}
