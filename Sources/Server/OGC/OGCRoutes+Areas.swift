import Domain
import Formats
import Hummingbird
import Web

/// The cursor of the list of collections.
struct CollectionCursor {
    /// The cursor after which only layers follow.
    static let beforeLayers = ".areas"

    let dataset: CollectionName?
    /// The last layer of the page before; `nil` while collections of datasets follow.
    let layer: Slug?
    let isAfterDatasets: Bool

    /// - Returns: `nil` for a text that cannot name a collection.
    init?(_ text: String) {
        if text == Self.beforeLayers {
            (dataset, layer, isAfterDatasets) = (nil, nil, true)
        } else if let layer = OGCRoutes.layer(text) {
            (dataset, self.layer, isAfterDatasets) = (nil, layer, true)
        } else {
            guard let dataset = CollectionName(text) else { return nil }
            (self.dataset, layer, isAfterDatasets) = (dataset, nil, false)
        }
    }
}

/// The collections of areas, `LAYER.areas`: the areas of a layer with their boundaries.
extension OGCRoutes {
    private static let suffix = ".areas"

    static func name(of layer: AreaLayer) -> String { layer.slug.text + suffix }

    /// The layer whose collection has a name; `nil` for another name.
    static func layer(_ name: some StringProtocol) -> Slug? {
        name.hasSuffix(suffix) ? Slug(name.dropLast(suffix.count)) : nil
    }

    /// The layer of the collection in the path; `nil` for another collection.
    static func layer(_ context: ClientContext) -> Slug? { layer(context.parameters["collection"] ?? "") }

    private func found(_ layer: Slug) async throws -> (areas: AreaCatalogue, table: AreaTable) {
        guard let areas else { throw Self.none(layer) }
        do {
            return (areas, try await areas.table(layer))
        } catch let problem as Problem {
            // The fault does not name a parameter, because this route has none of that name.
            guard problem.status == .notFound else { throw problem }
            throw Self.none(layer)
        }
    }

    private static func none(_ layer: Slug) -> Problem {
        .notFound("There is no collection \(layer)\(suffix).", field: "collection")
    }

    func areaCollection(_ layer: Slug, _ request: Request, _ context: ClientContext) async throws -> Response {
        let page = try OGCPage(request, context)
        let found = try await found(layer)
        let name = Self.name(of: found.table.layer)
        return page.response(
            name, parents: page.urls.parents(), Self.description(found.table.layer, page.urls, page.links()))
    }

    func areaQueryables(_ layer: Slug, _ request: Request, _ context: ClientContext) async throws -> Response {
        let page = try OGCPage(request, context)
        let layer = try await found(layer).table.layer
        let name = Self.name(of: layer)
        return page.response(
            "Queryables", parents: page.urls.parents(name),
            [
                "$schema": "https://json-schema.org/draft/2020-12/schema",
                "$id": .text("\(page.urls.collection(name))/queryables"), "type": "object",
                "title": .text(layer.name), "properties": ["geometry": ["format": "geometry-multipolygon"]],
                "additionalProperties": false,
            ], mediaType: "application/schema+json")
    }

    func areaItems(_ layer: Slug, _ request: Request, _ context: ClientContext) async throws -> Response {
        // Areas have no time, so each of them is there at any (OGC API Features Part 1, 7.15.4).
        var parameters = QueryParameters(request.uri.query, known: ["limit", "bbox", "datetime", "after", "f"])
        let bounds = parameters.boundsWithHeights()
        _ = parameters.interval("datetime")
        let limit = parameters.clampedLimit(usual: 100, most: Self.mostItems)
        let after = parameters.after(AreaCursor.init(text:))
        let page = try OGCPage(request, context, parameters)
        let (areas, table) = try await found(layer)
        var order = Array(table.areas.indices)
        if let bounds {
            order = try await areas.areas.numbers(AreaSearch(layer: table.layer, bounds: bounds))
                .compactMap(table.index(ofNumber:))
        }
        let source = AreaItems(AreaFeatures(areas: areas.areas, table: table, geometry: .full, order: order))
        return try await list(source, Self.name(of: table.layer), page, PageRequest(after: after, limit: limit), [:])
    }

    func areaItem(_ layer: Slug, _ request: Request, _ context: ClientContext) async throws -> Response {
        let parameters = QueryParameters(request, context, known: OGCPage.parameters)
        let page = try OGCPage(request, context, parameters)
        let id = parameters.text("id") ?? ""
        let (areas, table) = try await found(layer)
        guard let index = table.index(ofID: id) else { throw Self.noItem(id) }
        let source = AreaItems(AreaFeatures(areas: areas.areas, table: table, geometry: .full, order: [index]))
        return try await one(source, id, Self.name(of: table.layer), page, after: nil)
    }

    static func description(_ layer: AreaLayer, _ urls: OGCURLs, _ own: [Document] = []) -> Document {
        let name = Self.name(of: layer)
        let items = urls.items(name)
        let links =
            own + [
                // GDAL adds the id of a feature to this URL, so it has no query.
                .link("items", items, "application/geo+json", "The features"),
                .link("items", "\(items)?f=html", "text/html", "The features as HTML"),
                .link(
                    "http://www.opengis.net/def/rel/ogc/1.0/queryables", "\(urls.collection(name))/queryables?f=json",
                    "application/schema+json", "The properties for filters"),
            ]
        var members: [Document.Member] = [
            .init("id", .text(name)), .init("title", .text("\(layer.name): areas")),
            .init(
                "description",
                .text(layer.isApproximate ? "Areas with approximate borders, derived from events." : "Areas.")),
            .init("attribution", .text(layer.source)), .init("itemType", "feature"),
            .init("crs", [.text(Conformance.crs84)]),
        ]
        if let box = layer.bounds {
            let sides = Document.list([box.west, box.south, box.east, box.north].map(Document.number))
            members.append(
                .init("extent", ["spatial": ["bbox": [sides], "crs": .text(Conformance.crs84)]]))
        }
        members.append(.init("links", .list(links)))
        return .object(members)
    }
}

/// The areas of a layer without figures.
struct AreaItems: FeatureSource {
    static let shape = FeatureShape.areas
    static let properties = AreaFeatures.own

    private let areas: AreaFeatures

    init(_ areas: AreaFeatures) { self.areas = areas }

    func page(_ page: PageRequest<AreaRow>) async throws -> Page<AreaRow> { try await areas.page(page) }

    func feature(_ row: AreaRow) -> Feature {
        let feature = areas.feature(row)
        let values = Array(feature.values.prefix(Self.properties.count))
        return Feature(id: feature.id, place: feature.place, values: values)
    }

    func text(_ cursor: AreaCursor) -> String { cursor.text }

    func id(of row: AreaRow) -> String { row.area.id }
}
