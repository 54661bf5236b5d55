import Domain
import Hummingbird
import JSON
import Web

/// Answers `/v1/styles/risk.json`: a style of MapLibre that draws the tiles of a dataset by level.
///
/// A cell is drawn by the level that its tile names, which follows from its exact score; the thresholds are told for a
/// legend. The expressions are those that QGIS understands, too.
struct MapStyleRoute {
    private static let known = ["dataset", "date", "resolution", "level"]

    let catalogue: DatasetCatalogue

    @Sendable func respond(_ request: Request, _ context: ClientContext) async throws -> Response {
        var parameters = QueryParameters(request.uri.query, known: Self.known)
        let template = TileTemplate(&parameters)
        try parameters.check()
        let origin = try context.origin.text()
        let status = try await catalogue.dataset(template.slug, for: context).needEvents()
        let tiles = try template.text(origin, of: status)

        let view = MapView(of: status.bounds)
        var json = JSONWriter()
        json.object { json in
            json.field("version", 8)
            json.field("name", status.dataset.title)
            json.object("metadata") { json in
                json.field("hextant:dataset", status.dataset.slug.text)
                json.field("hextant:licence", status.dataset.licence)
                json.object("hextant:thresholds") { json in
                    for style in LevelStyle.all(status.dataset.thresholds) {
                        if let above = style.above { json.field(style.level.rawValue, above) }
                    }
                }
            }
            json.array("center", of: [view.longitude, view.latitude]) { $0.value($1) }
            json.field("zoom", view.zoom)
            json.object("sources") { json in
                json.object("risk") { json in
                    json.field("type", "vector")
                    json.array("tiles", of: [tiles]) { $0.value($1) }
                    json.field("minzoom", 0)
                    json.field("maxzoom", TileTemplate.deepestZoom)
                    json.name("bounds")
                    json.value(view.bounds)
                    json.field("promoteId", "h3_index")
                    // MapLibre treats it as HTML.
                    json.field("attribution", HTMLText.escaped(status.dataset.attribution))
                }
            }
            json.array("layers", of: Layer.all(status.dataset.thresholds)) { json, layer in layer.write(to: &json) }
        }
        return json.response(to: request)
    }
}

/// A layer of a style.
private enum Layer {
    case ground
    case cells(LevelStyle)
    case anomalies

    static func all(_ thresholds: RiskThresholds) -> [Layer] {
        [.ground] + LevelStyle.all(thresholds).map(Layer.cells) + [.anomalies]
    }

    func write(to json: inout JSONWriter) {
        json.object { json in
            switch self {
            case .ground:
                json.field("id", "ground")
                json.field("type", "background")
                json.object("paint") { $0.field("background-color", LevelStyle.ground) }
            case .cells(let style):
                Self.begin(&json, "risk-\(style.level.rawValue)", "fill", "risk_level", .text(style.level.rawValue))
                json.object("metadata") { $0.field("hextant:label", style.label) }
                json.object("paint") { json in
                    json.field("fill-color", style.hex)
                    json.field("fill-opacity", 0.8)
                    json.field("fill-outline-color", LevelStyle.paper)
                }
            case .anomalies:
                Self.begin(&json, "risk-unusual", "line", "unusual", .truth(true))
                json.object("metadata") { $0.field("hextant:label", "Unusually many events") }
                json.object("paint") { json in
                    json.field("line-color", LevelStyle.ink)
                    json.field("line-width", 1.75)
                }
            }
        }
    }

    /// Writes what a layer of cells begins with. It draws the cells whose property has a value.
    private static func begin(
        _ json: inout JSONWriter, _ id: String, _ type: String, _ property: String, _ value: Document
    ) {
        json.field("id", id)
        json.field("type", type)
        json.field("source", "risk")
        json.field("source-layer", "risk")
        json.name("filter")
        json.value(.list(["==", ["get", .text(property)], value]))
    }
}
