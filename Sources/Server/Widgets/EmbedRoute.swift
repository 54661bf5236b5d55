import Domain
import Hummingbird
import JSON
import Web

/// Answers `/v1/embed`: the code by which another page shows a widget of a dataset in a frame.
struct EmbedRoute {
    private static let known =
        ["widget", "dataset", "theme", "lang", "width", "height"] + EmbedParameters.names

    let catalogue: DatasetCatalogue
    /// The origins whose pages may show widgets; `*` for all of them.
    let parents: [String]
    /// Whether the pages are served.
    let hasPages: Bool

    @Sendable func respond(_ request: Request, _ context: ClientContext) async throws -> Response {
        var parameters = QueryParameters(request.uri.query, known: Self.known)
        let widget = parameters.parsed("widget", "one of \(Widget.names)") { Widget(rawValue: $0) }
        if parameters.text("widget") == nil { parameters.reject("widget", "is missing; it is one of \(Widget.names)") }
        let slug = parameters.dataset()
        let theme = parameters.parsed("theme", "light, dark or auto") {
            ["light", "dark", "auto"].contains($0) ? $0 : nil
        }
        let language = parameters.parsed("lang", "en or fr") { ["en", "fr"].contains($0) ? $0 : nil }
        let width = parameters.pixels("width")
        let height = parameters.pixels("height")
        let own = widget.map { EmbedParameters(&parameters, of: $0) }
        try parameters.check()
        guard let widget, let own else { throw Problem.fault }
        guard hasPages else { throw Problem.notFound("This server serves no pages, and so no widgets.") }
        let origin = try context.origin.text()
        let dataset = try await catalogue.dataset(slug, for: context).dataset

        var query = [("dataset", dataset.slug.text)] + own.values
        if let theme, theme != "auto" { query.append(("theme", theme)) }
        if let language { query.append(("lang", language)) }
        let written = query.map { "\($0)=\(PercentEncoding.encode($1))" }.joined(separator: "&")
        let url = "\(origin)/widgets/\(widget.rawValue)?\(written)"
        let size = (width: width ?? widget.usualSize.width, height: height ?? widget.usualSize.height)
        let code =
            "<iframe src=\"\(HTMLText.escaped(url))\" title=\"\(HTMLText.escaped(dataset.title))\" "
            + "width=\"\(size.width)\" height=\"\(size.height)\" style=\"border:0;max-width:100%\" loading=\"lazy\" "
            + "referrerpolicy=\"strict-origin-when-cross-origin\"></iframe>"
        var json = JSONWriter()
        json.object { json in
            json.field("widget", widget.rawValue)
            json.field("dataset", dataset.slug.text)
            json.field("title", dataset.title)
            json.field("url", url)
            json.field("width", size.width)
            json.field("height", size.height)
            json.field("html", code)
            json.array("parents", of: parents) { $0.value($1) }
            // A frame has no credentials, so nobody sees a private dataset in one.
            json.field("public", dataset.visibility == .public)
        }
        return json.response(to: request)
    }
}

/// The widgets: small pages for frames of other pages.
enum Widget: String, CaseIterable {
    /// The events of a period beside another one, and the weeks before.
    case trend
    /// The map with its legend.
    case map
    /// The cells that matter most.
    case top
    /// The figures of one area.
    case area

    static let names = allCases.map(\.rawValue).joined(separator: ", ")

    /// In CSS pixels.
    var usualSize: (width: Int, height: Int) {
        switch self {
        case .trend: (480, 320)
        case .map: (640, 480)
        case .top: (400, 420)
        case .area: (400, 420)
        }
    }
}

/// The choices of what a widget shows: the parts of a link of the page, and those of its own.
struct EmbedParameters {
    static let names = [
        "layer", "measure", "date", "period", "compare", "kinds", "res", "map", "cell", "areas", "area", "count",
    ]

    private(set) var values: [(String, String)] = []

    /// Parses the parameters. Faults are collected in `parameters`: also those that the widget does not have.
    fileprivate init(_ parameters: inout QueryParameters, of widget: Widget) {
        let own = Self.names(of: widget)
        for name in Self.names where parameters.text(name) != nil && !own.contains(name) {
            parameters.reject(name, "is not a parameter of the widget \(widget.rawValue)")
        }
        for name in own {
            guard let value = Self.value(name, &parameters) else { continue }
            values.append((name, value))
        }
        if widget == .area {
            for name in ["areas", "area"] where parameters.text(name) == nil {
                parameters.reject(name, "is missing; the widget area shows one area of a layer")
            }
        }
    }

    private static func names(of widget: Widget) -> [String] {
        switch widget {
        case .trend: ["date", "period", "compare", "kinds", "cell"]
        case .map: ["layer", "measure", "date", "period", "compare", "kinds", "res", "map"]
        case .top: ["layer", "measure", "date", "period", "kinds", "res", "count"]
        case .area: ["date", "period", "areas", "area"]
        }
    }

    private static func value(_ name: String, _ parameters: inout QueryParameters) -> String? {
        func one(of words: [String]) -> String? {
            parameters.parsed(name, "one of \(words.joined(separator: ", "))") { words.contains($0) ? $0 : nil }
        }
        switch name {
        case "layer": return one(of: ["class", "events", "change", "difference", "forecast", "areas", "risk"])
        case "measure": return one(of: AreaFigure.allCases.map(\.rawValue))
        case "date": return parameters.parsed(name, "a date: YYYY-MM-DD") { LocalDay($0)?.description }
        case "period": return one(of: ["7", "28", "90", "365"])
        case "compare": return one(of: ["before", "year", "none"])
        case "res":
            return parameters.parsed(name, "an H3 resolution from 0 to 15, or zoom") { text in
                text == "zoom" || QueryParameters.number(text, in: 0...15) != nil ? text : nil
            }
        case "count":
            return parameters.parsed(name, "a number from 1 to 20") { text in
                QueryParameters.number(text, in: 1...20).map(String.init)
            }
        case "map":
            return parameters.parsed(name, "zoom/latitude/longitude") { isView($0) ? $0 : nil }
        case "cell":
            return parameters.parsed(name, "the index of an H3 cell, 15 hexadecimal digits") { text in
                let digits = text.utf8
                let isHex = digits.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
                return digits.count == 15 && digits.first == UInt8(ascii: "8") && isHex ? text : nil
            }
        case "areas": return parameters.parsed(name, Slug.form) { Slug($0)?.text }
        // Names of kinds, and ids of areas.
        default:
            return parameters.parsed(name, "a text of 1 to 500 bytes") { (1...500).contains($0.utf8.count) ? $0 : nil }
        }
    }

    /// Whether a text is a zoom from 0 to 22, a latitude from -85 to 85 and a longitude from -180 to 180.
    private static func isView(_ text: String) -> Bool {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard text.utf8.allSatisfy({ (0x2d...0x39).contains($0) }), parts.count == 3 else { return false }
        let numbers = parts.compactMap { Double($0) }
        guard numbers.count == 3 else { return false }
        return (0...22).contains(numbers[0]) && abs(numbers[1]) <= 85 && abs(numbers[2]) <= 180
    }
}

extension QueryParameters {
    /// Parses a size of a frame.
    fileprivate mutating func pixels(_ name: String) -> Int? {
        parsed(name, "a number of pixels from 160 to 2000") { Self.number($0, in: 160...2000) }
    }
}
