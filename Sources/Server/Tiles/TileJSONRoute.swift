import Domain
import Hummingbird
import JSON
import Tiles
import Web

/// Answers `/v1/tiles.json`: what a map client must know of the tiles (TileJSON 3.0).
struct TileJSONRoute {
    let catalogue: DatasetCatalogue
    /// The URL of a style.
    let basemap: String?
    /// The tiles of the operator's file.
    let basemapTiles: BasemapRoutes
    /// Whether the page on what figures cannot tell is served.
    let hasLimits: Bool
    /// Whether users can sign in here: whether the server can issue tokens.
    let canSignIn: Bool

    @Sendable func respond(_ request: Request, _ context: ClientContext) async throws -> Response {
        var parameters = QueryParameters(request.uri.query, known: TileTemplate.parameters)
        let template = TileTemplate(&parameters)
        let layers = template.layers
        try parameters.check()
        if layers.contains(.events) { try context.need(TileRoute.ruleOfEvents) }
        let origin = try context.origin.text()

        let status = try await catalogue.dataset(template.slug, for: context).needEvents()
        let tiles = try template.text(origin, of: status)

        var json = JSONWriter()
        json.object { json in
            json.field("tilejson", "3.0.0")
            json.field("name", status.dataset.title)
            let title = status.dataset.title
            json.field(
                "description",
                layers == .outlook ? "Outlook of \(title) by H3 cell." : "Risk of \(title) by H3 cell and day.")
            // Clients such as MapLibre treat it as HTML. The plain text is in `hextant`.
            json.field("attribution", HTMLText.escaped(status.dataset.attribution))
            json.field("scheme", "xyz")
            json.array("tiles", of: [tiles]) { $0.value($1) }
            json.field("minzoom", layers.firstZoom)
            json.field("maxzoom", TileTemplate.deepestZoom)
            let view = MapView(of: status.bounds)
            json.name("bounds")
            json.value(view.bounds)
            json.name("center")
            json.array(of: [view.longitude, view.latitude, Double(max(view.zoom, layers.firstZoom))]) { $0.value($1) }
            json.array("vector_layers", of: VectorLayer.all(of: layers)) { json, layer in
                layer.write(to: &json, zooms: layers.firstZoom...TileTemplate.deepestZoom)
            }
            json.object("hextant") { json in
                json.field("dataset", status.dataset.slug.text)
                json.fields(of: status)
                json.field("bounds", status.bounds)
                json.field("basemap", basemap)
                json.field("basemap_tiles", basemapTiles.url(origin))
                json.field("limits", hasLimits ? LimitsPage.url(origin) : nil)
                json.field("sign_in", canSignIn)
                json.field("changes", ChangesRoute.url(origin, of: status.dataset.slug))
            }
        }
        return json.response(to: request)
    }
}
