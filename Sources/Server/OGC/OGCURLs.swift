import HTTPTypes
import Hummingbird
import Web

/// The URLs of the resources of the OGC API, and links to them.
struct OGCURLs: Sendable {
    static let path = "/ogc"

    /// The scheme, host and base path of the server.
    let origin: String

    var root: String { origin + Self.path }

    /// - Parameter name: The name of a collection.
    func collection(_ name: String) -> String { "\(root)/collections/\(name)" }

    func items(_ name: String) -> String { "\(collection(name))/items" }
}

extension Document {
    /// A link (RFC 8288).
    static func link(_ relation: String, _ url: String, _ type: String, _ title: String) -> Document {
        ["rel": .text(relation), "type": .text(type), "title": .text(title), "href": .text(url)]
    }
}

/// The formats of a resource of the OGC API.
enum OGCFormat: String, CaseIterable, Sendable {
    case json
    case html

    /// The format from the parameter `f`, otherwise the preferred one of `Accept`, otherwise JSON.
    init(_ parameters: inout QueryParameters, accept: String?) {
        if let named = parameters.parsed("f", "json or html", { Self(rawValue: $0) }) {
            self = named
            return
        }
        let entries = QualityList.entries(accept ?? "")
        func quality(_ types: String...) -> Double {
            entries.filter { types.contains($0.value) }.map(\.quality).max() ?? 0
        }
        let html = quality("text/html", "application/xhtml+xml")
        self = html > quality("application/json", "application/geo+json") ? .html : .json
    }
}
