import Hummingbird
import Risk

/// `/v1/tiles.json`: what a map client needs to know of the tiles (TileJSON 3.0).
struct TileJSONRoute {
    private static let known = ["dataset", "date", "resolution", "level"]
    private static let deepestZoom = 14

    let catalogue: DatasetCatalogue
    let basemap: String?

    @Sendable func respond(_ request: Request, _ context: ClientContext) async throws -> Response {
        var parameters = QueryParameters(request.uri.query, known: Self.known)
        let slug = parameters.dataset()
        let day = parameters.day("date")
        let resolution = parameters.resolution()
        _ = parameters.levels()
        try parameters.check()
        let origin = try context.origin.text()

        let status = try await catalogue.dataset(slug, for: context.principal)
        _ = try status.resolution(asked: resolution)
        var query = "dataset=\(status.dataset.slug)"
        if let day { query += "&date=\(day)" }
        if let resolution { query += "&resolution=\(resolution)" }
        if let level = parameters.text("level") { query += "&level=\(PercentEncoding.encode(level))" }

        var json = JSONWriter()
        json.object { json in
            json.field("tilejson", "3.0.0")
            json.field("name", status.dataset.title)
            json.field("description", "Risk of \(status.dataset.title) by H3 cell and day.")
            json.field("attribution", status.dataset.attribution)
            json.field("scheme", "xyz")
            json.array("tiles", of: ["\(origin)/v1/tiles/{z}/{x}/{y}.mvt?\(query)"]) { $0.value($1) }
            json.field("minzoom", 0)
            json.field("maxzoom", Self.deepestZoom)
            let view = MapView(of: status.bounds)
            json.name("bounds")
            json.value(view.bounds)
            json.name("center")
            json.array(of: [view.longitude, view.latitude, Double(view.zoom)]) { $0.value($1) }
            json.array("vector_layers", of: ["risk"]) { json, layer in Self.layer(&json, layer) }
            json.object("hextant") { json in
                json.field("dataset", status.dataset.slug)
                json.fields(of: status)
                json.field("basemap", basemap)
            }
        }
        return json.response(to: request)
    }

    private static func layer(_ json: inout JSONWriter, _ id: String) {
        json.object { json in
            json.field("id", id)
            json.field("description", "H3 cells with their figures of the day.")
            json.field("minzoom", 0)
            json.field("maxzoom", deepestZoom)
            json.object("fields") { json in
                json.field("h3_index", "String")
                json.field("event_count", "Number")
                json.field("rolling_7d_avg", "Number")
                json.field("growth_rate", "Number")
                json.field("risk_score", "Number")
                json.field("risk_level", "String")
                json.field("z_score", "Number")
                json.field("anomaly", "Boolean")
            }
        }
    }
}
