import Domain
import Hummingbird
import JSON
import Spending
import Web

/// The description of the tiles with places (TileJSON 3.0), which also tells how many places there are.
extension SpendingPlaceRoutes {
    /// The zoom beyond which clients enlarge tiles: points lie exactly enough in them.
    private static let deepestZoom = 14
    /// How far the box of all places reaches beyond them, in degrees, so that a single place has one, too.
    private static let margin = 0.01

    /// The parameters of a tile.
    static let parametersOfTiles = ["of"] + SpendingParameters.known.filter { !["limit", "after", "f"].contains($0) }

    @Sendable func describe(_ request: Request, _ context: ClientContext) async throws -> Response {
        var parameters = QueryParameters(request.uri.query, known: Self.parametersOfTiles)
        let kind = parameters.placedKind()
        let asked = SpendingParameters(&parameters, accept: nil)
        try parameters.check()
        let found = try await common.find(asked.dataset, for: context)
        let dataset = found.dataset
        let origin = try context.origin.text()
        var places: [ExpenditurePlace.Kind: [ExpenditurePlace]] = [:]
        for each in ExpenditurePlace.Kind.allCases {
            places[each] = try await common.spending.places(of: dataset.slug, each)
        }
        let box = Self.box(around: places[kind] ?? [])
        let link = PageLink(
            origin: origin, path: "/v1/tiles/spending/{z}/{x}/{y}.mvt", parameters: parameters,
            resolved: ["dataset": dataset.slug.text, "of": kind.rawValue])

        var json = JSONWriter()
        json.object { json in
            json.field("tilejson", "3.0.0")
            json.field("name", dataset.title)
            json.field("description", "Places of \(kind.rawValue)s of \(dataset.title), with what was spent there.")
            // Clients such as MapLibre treat it as HTML. The plain text is in `hextant`.
            json.field("attribution", HTMLText.escaped(dataset.attribution))
            json.field("scheme", "xyz")
            json.array("tiles", of: [link.text(after: nil)]) { $0.value($1) }
            json.field("minzoom", 0)
            json.field("maxzoom", Self.deepestZoom)
            let view = MapView(of: box)
            json.name("bounds")
            json.value(view.bounds)
            json.name("center")
            json.array(of: [view.longitude, view.latitude, Double(view.zoom)]) { $0.value($1) }
            json.array("vector_layers", of: [VectorLayer.spending]) { json, layer in
                layer.write(to: &json, zooms: 0...Self.deepestZoom)
            }
            json.object("hextant") { json in
                json.field("dataset", dataset.slug.text)
                json.field("title", dataset.title)
                json.field("licence", dataset.licence)
                json.field("attribution", dataset.attribution)
                json.field("of", kind.rawValue)
                json.object("places") { json in
                    for each in ExpenditurePlace.Kind.allCases { json.field(each.rawValue, places[each]?.count ?? 0) }
                }
                json.field("bounds", box)
                json.field("areas", areas == nil ? nil : dataset.areas?.text)
                json.field("basemap_tiles", basemap.url(origin))
            }
        }
        return json.response(to: request)
    }

    /// The box of all places; `nil` without any.
    private static func box(around places: [ExpenditurePlace]) -> BoundingBox? {
        guard let west = places.map(\.longitude).min(), let east = places.map(\.longitude).max(),
            let south = places.map(\.latitude).min(), let north = places.map(\.latitude).max()
        else { return nil }
        return BoundingBox(
            west: max(-180, west - margin), south: max(-90, south - margin), east: min(180, east + margin),
            north: min(90, north + margin))
    }
}
