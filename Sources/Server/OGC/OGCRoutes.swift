import Domain
import Formats
import HTTPTypes
import Hummingbird
import Web

/// The OGC API Features and Tiles under `/ogc` (docs/ogc.md).
struct OGCRoutes {
    let catalogue: DatasetCatalogue
    let risk: any RiskRepository
    let topCells: any TopCellRepository
    let outlooks: any OutlookRepository
    let events: any EventRepository
    let polygons: any DrawnPolygonRepository
    let types: EventTypes
    let areas: AreaCatalogue?
    /// Whether the page on what figures cannot tell is served.
    let hasLimits: Bool

    private static let mostCollections = 1000

    var endpoints: [Endpoint] {
        [
            .get("/ogc", .open, landing),
            .get("/ogc/api", .open, api),
            .get("/ogc/conformance", .open, conformance),
            .get("/ogc/collections", .reader, collections),
            .get("/ogc/collections/{collection}", .reader, collection),
            .get("/ogc/collections/{collection}/queryables", .reader, queryables),
            .get("/ogc/collections/{collection}/items", .reader, cost: .page, items),
            .get("/ogc/collections/{collection}/items/{id}", .reader, item),
            .get("/ogc/collections/{collection}/tiles", .reader, tileSets),
            .get("/ogc/collections/{collection}/tiles/WebMercatorQuad", .reader, tileSet),
            .get("/ogc/tileMatrixSets", .open, tileMatrixSets),
            .get("/ogc/tileMatrixSets/WebMercatorQuad", .open, tileMatrixSet),
        ]
    }

    @Sendable private func landing(_ request: Request, _ context: ClientContext) async throws -> Response {
        let page = try OGCPage(request, context)
        let root = page.urls.root
        let links = [
            Document.link("service-desc", "\(root)/api?f=json", OpenAPI.mediaType, "The API as OpenAPI"),
            .link("service-doc", "\(root)/api?f=html", "text/html", "The documentation of the API"),
            .link("conformance", "\(root)/conformance", "application/json", "The supported conformance classes"),
            .link("data", "\(root)/collections", "application/json", "The collections"),
            .link(
                "http://www.opengis.net/def/rel/ogc/1.0/tiling-schemes", "\(root)/tileMatrixSets", "application/json",
                "The tile matrix sets"),
        ]
        return page.response(
            "Hextant",
            [
                "title": "Hextant", "description": "Risk by H3 cell and day, and the events it is computed from.",
                "links": .list(page.links() + links),
            ])
    }

    @Sendable private func conformance(_ request: Request, _ context: ClientContext) async throws -> Response {
        let page = try OGCPage(request, context)
        return page.response("Conformance", ["conformsTo": .list(Conformance.classes.map(Document.text))])
    }

    @Sendable private func api(_ request: Request, _ context: ClientContext) async throws -> Response {
        let page = try OGCPage(request, context)
        return page.response("API", OpenAPI.document(page.urls), mediaType: OpenAPI.mediaType)
    }

    @Sendable private func collections(_ request: Request, _ context: ClientContext) async throws -> Response {
        var parameters = QueryParameters(request.uri.query, known: ["limit", "after", "f"])
        let limit = parameters.clampedLimit(usual: 100, most: Self.mostCollections)
        let after = parameters.after(CollectionCursor.init)
        let page = try OGCPage(request, context, parameters)
        var collections: [Document] = []
        var next: String?
        // Collections of datasets come first, then those of layers of areas.
        if after?.isAfterDatasets != true {
            let found = try await list(PageRequest(after: after?.dataset, limit: limit), for: context)
            for collection in found.rows {
                collections.append(try await description(collection.kind, of: collection.status, page.urls))
            }
            next = found.next?.text
        }
        if next == nil, let areas {
            let layers = try await areas.areas.layers().filter { layer in after?.layer.map { $0 < layer.slug } ?? true }
            let shown = layers.prefix(limit - collections.count)
            collections += shown.map { Self.description($0, page.urls) }
            if shown.count < layers.count {
                // A page that is full of collections of datasets ends with the last of them.
                next = shown.last.map { Self.name(of: $0) } ?? CollectionCursor.beforeLayers
            }
        }
        var links = page.links()
        if let next {
            links.append(.link("next", page.next(after: next), "application/json", "The next page"))
        }
        return page.response("Collections", ["links": .list(links), "collections": .list(collections)])
    }

    /// A page of the collections that the client can see, by dataset and then in the order of the kinds.
    private func list(
        _ page: PageRequest<ListedCollection>, for context: ClientContext
    ) async throws -> Page<ListedCollection> {
        let kinds = CollectionKind.allCases.filter { $0.rule.admits(context.principal) }
        var found: [ListedCollection] = []
        if let after = page.after, let place = CollectionKind.allCases.firstIndex(of: after.kind) {
            // The remaining collections of the dataset at which the last page ended.
            let left = kinds.filter { CollectionKind.allCases[(place + 1)...].contains($0) }
            if !left.isEmpty, let status = try await catalogue.visible(after.dataset, to: context) {
                found = left.map { ListedCollection(kind: $0, status: status) }
            }
        }
        var datasets = PageRequest<DatasetStatus>(after: page.after?.dataset, limit: page.wanted / kinds.count + 1)
        while true {
            let read = try await catalogue.page(for: context, datasets)
            // Expenditures have no place, so their datasets have no collections.
            for status in read.rows where status.dataset.holds == .events {
                found += kinds.map { ListedCollection(kind: $0, status: status) }
            }
            guard found.count < page.wanted, let next = read.next else { return Page(found, of: page) }
            datasets.after = next
        }
    }

    @Sendable private func collection(_ request: Request, _ context: ClientContext) async throws -> Response {
        if let layer = Self.layer(context) { return try await areaCollection(layer, request, context) }
        let page = try OGCPage(request, context)
        let (name, status) = try await find(context)
        let description = try await description(name.kind, of: status, page.urls, page.links())
        return page.response(name.text, parents: page.urls.parents(), description)
    }

    @Sendable private func queryables(_ request: Request, _ context: ClientContext) async throws -> Response {
        if let layer = Self.layer(context) { return try await areaQueryables(layer, request, context) }
        let page = try OGCPage(request, context)
        let (name, status) = try await find(context)
        var properties = name.kind.queryables(of: status.dataset).map { Document.Member($0.name, $0.schema) }
        properties.append(.init("geometry", ["format": name.kind == .events ? "geometry-point" : "geometry-any"]))
        return page.response(
            "Queryables", parents: page.urls.parents(name.text),
            [
                "$schema": "https://json-schema.org/draft/2020-12/schema",
                "$id": .text("\(page.urls.collection(name.text))/queryables"), "type": "object",
                "title": .text(status.dataset.title), "properties": .object(properties), "additionalProperties": false,
            ], mediaType: "application/schema+json")
    }

    /// The name of the collection in the path; `nil` for a text that cannot name one.
    static func named(_ context: ClientContext) -> CollectionName? {
        CollectionName(context.parameters["collection"] ?? "")
    }

    /// The collection that the path names.
    /// - Throws: ``Problem`` 404 when the client can see none, 401 or 403 for events without the role.
    func find(_ context: ClientContext) async throws -> (name: CollectionName, status: DatasetStatus) {
        try await find(Self.named(context), context)
    }

    /// The collection with a name that was read from the path.
    func find(
        _ name: CollectionName?, _ context: ClientContext
    ) async throws -> (name: CollectionName, status: DatasetStatus) {
        let text = context.parameters["collection"] ?? ""
        guard let name else { throw Self.none(text) }
        try context.need(name.kind.rule)
        do {
            let status = try await catalogue.dataset(name.dataset, for: context)
            guard status.dataset.holds == .events else { throw Self.none(text) }
            return (name, status)
        } catch let hidden as Problem {
            guard hidden.status == .notFound else { throw hidden }
            // The fault does not name a parameter, because this route has none of that name.
            var problem = Self.none(text)
            problem.isRefusal = hidden.isRefusal
            throw problem
        }
    }

    private static func none(_ text: Substring) -> Problem {
        .notFound("There is no collection \(text.prefix(128)).", field: "collection")
    }

    private func description(
        _ kind: CollectionKind, of status: DatasetStatus, _ urls: OGCURLs, _ own: [Document] = []
    ) async throws -> Document {
        let name = CollectionName(dataset: status.dataset.slug, kind: kind)
        let days: ClosedRange<LocalDay>? =
            switch kind {
            case .events: try await events.days(of: status.dataset.slug)
            case .outlook: status.outlookDays.first.flatMap { last in status.outlookDays.last.map { $0...last } }
            case .risk, .topCells: status.days
            }
        var links = own
        let items = urls.items(name.text)
        // GDAL adds the id of a feature to this URL, so it has no query.
        links.append(.link("items", items, "application/geo+json", "The features"))
        links.append(.link("items", "\(items)?f=html", "text/html", "The features as HTML"))
        links.append(
            .link(
                "http://www.opengis.net/def/rel/ogc/1.0/queryables", "\(urls.collection(name.text))/queryables?f=json",
                "application/schema+json", "The properties for filters"))
        if kind == .risk {
            links.append(
                .link(
                    "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector",
                    "\(urls.collection(name.text))/tiles?f=json",
                    "application/json", "Vector tiles"))
        }
        if hasLimits {
            links.append(
                .link("describedby", LimitsPage.url(urls.origin), "text/html", "What the figures cannot tell"))
        }
        if let licence = status.dataset.licenceURL, WebURL.isLink(licence) {
            links.append(.link("license", licence, "text/html", status.dataset.licence))
        }
        let box = status.bounds.map { Document.list([$0.west, $0.south, $0.east, $0.north].map(Document.number)) }
        let interval = days.map { days -> Document in
            ["\(days.lowerBound.description)T00:00:00Z", "\(days.upperBound.description)T23:59:59Z"]
        }
        var extent: [Document.Member] = []
        if let box { extent.append(.init("spatial", ["bbox": [box], "crs": .text(Conformance.crs84)])) }
        if let interval {
            extent.append(.init("temporal", ["interval": [interval], "trs": .text(Conformance.gregorian)]))
        }
        var members: [Document.Member] = [
            .init("id", .text(name.text)), .init("title", .text("\(status.dataset.title): \(kind.rawValue)")),
            .init("description", .text(kind.summary)), .init("attribution", .text(status.dataset.attribution)),
            .init("itemType", "feature"), .init("crs", [.text(Conformance.crs84)]),
        ]
        if !extent.isEmpty { members.append(.init("extent", .object(extent))) }
        members.append(.init("links", .list(links)))
        return .object(members)
    }
}

extension OGCURLs {
    /// The pages above a collection, or above a resource that belongs to one.
    func parents(_ name: String? = nil) -> [(name: String, url: String)] {
        let collections = (name: "collections", url: "\(root)/collections?f=html")
        return [collections] + (name.map { [(name: $0, url: "\(collection($0))?f=html")] } ?? [])
    }
}

extension FeatureProperty {
    /// The JSON Schema of the values.
    var schema: Document {
        switch texts {
        case .any: kind.schema
        case .among(let words): ["type": "string", "enum": .list(words.map(Document.text))]
        case .cells: ["type": "string", "pattern": "^8[0-9a-f]{14}$"]
        }
    }
}

extension FeatureProperty.Kind {
    fileprivate var schema: Document {
        switch self {
        case .text: ["type": "string"]
        case .integer: ["type": "integer"]
        case .number: ["type": "number"]
        case .truth: ["type": "boolean"]
        case .day: ["type": "string", "format": "date"]
        case .instant: ["type": "string", "format": "date-time"]
        case .object: ["type": "object"]
        }
    }
}
