import Domain
import Hummingbird
import Web

extension OGCRoutes {
    private static let webMercatorQuad = "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad"
    private static let webMercator = "http://www.opengis.net/def/crs/EPSG/0/3857"
    /// Half the side of Web Mercator's square, in metres.
    private static let halfSide = 20_037_508.342789244
    private static let deepestZoom = 22

    /// Answers `/ogc/collections/{collection}/tiles` with the only set of tiles: the scores of the cells.
    @Sendable func tileSets(_ request: Request, _ context: ClientContext) async throws -> Response {
        let page = try OGCPage(request, context)
        let (name, status) = try await findTiles(context)
        let url = "\(page.urls.collection(name.text))/tiles/WebMercatorQuad"
        let links = [
            Document.link("self", "\(url)?f=json", "application/json", "The tile set"),
            Self.scheme(page.urls),
        ]
        return page.response(
            "Tile sets", parents: page.urls.parents(name.text),
            [
                "links": .list(page.links()),
                "tilesets": [.object(Self.members(status) + [.init("links", .list(links))])],
            ])
    }

    /// Answers `/ogc/collections/{collection}/tiles/WebMercatorQuad`.
    @Sendable func tileSet(_ request: Request, _ context: ClientContext) async throws -> Response {
        let page = try OGCPage(request, context)
        let (name, status) = try await findTiles(context)
        let slug = status.dataset.slug
        let tile: Document = [
            "rel": "item", "type": "application/vnd.mapbox-vector-tile", "title": "A tile", "templated": true,
            "href": "\(page.urls.origin)/v1/tiles/{tileMatrix}/{tileCol}/{tileRow}.mvt?dataset=\(slug)",
        ]
        let tileJSON = Document.link(
            "describedby", "\(page.urls.origin)/v1/tiles.json?dataset=\(slug)", "application/json", "TileJSON")
        var members = Self.members(status)
        members.append(.init("links", .list(page.links() + [tile, tileJSON, Self.scheme(page.urls)])))
        members.append(.init("layers", [["id": "risk", "dataType": "vector", "geometryDimension": 2]]))
        if let box = status.bounds {
            members.append(
                .init(
                    "boundingBox",
                    [
                        "lowerLeft": [.number(box.west), .number(box.south)],
                        "upperRight": [.number(box.east), .number(box.north)], "crs": .text(Conformance.crs84),
                    ]))
        }
        return page.response("Tiles", parents: page.urls.parents(name.text), .object(members))
    }

    /// Answers `/ogc/tileMatrixSets`.
    @Sendable func tileMatrixSets(_ request: Request, _ context: ClientContext) async throws -> Response {
        let page = try OGCPage(request, context)
        let link = Document.link(
            "self", "\(page.urls.root)/tileMatrixSets/WebMercatorQuad?f=json", "application/json", "WebMercatorQuad")
        return page.response(
            "Tile matrix sets",
            [
                "links": .list(page.links()),
                "tileMatrixSets": [
                    [
                        "id": "WebMercatorQuad", "title": "Google Maps compatible, for the world",
                        "uri": .text(Self.webMercatorQuad), "crs": .text(Self.webMercator), "links": [link],
                    ]
                ],
            ])
    }

    /// Answers `/ogc/tileMatrixSets/WebMercatorQuad` (OGC 17-083r4, annex D.1).
    @Sendable func tileMatrixSet(_ request: Request, _ context: ClientContext) async throws -> Response {
        let page = try OGCPage(request, context)
        let matrices = (0...Self.deepestZoom).map { zoom -> Document in
            let tiles = 1 << zoom
            let size = 2 * Self.halfSide / Double(256 * tiles)
            return [
                // A pixel is defined to be 0.28 mm wide.
                "id": .text(String(zoom)), "scaleDenominator": .number(size / 0.00028), "cellSize": .number(size),
                "cornerOfOrigin": "topLeft", "pointOfOrigin": [.number(-Self.halfSide), .number(Self.halfSide)],
                "tileWidth": 256, "tileHeight": 256, "matrixWidth": .integer(tiles), "matrixHeight": .integer(tiles),
            ]
        }
        return page.response(
            "WebMercatorQuad",
            [
                "id": "WebMercatorQuad", "title": "Google Maps compatible, for the world",
                "uri": .text(Self.webMercatorQuad), "crs": .text(Self.webMercator), "orderedAxes": ["X", "Y"],
                "wellKnownScaleSet": "http://www.opengis.net/def/wkss/OGC/1.0/GoogleMapsCompatible",
                "tileMatrices": .list(matrices), "links": .list(page.links()),
            ])
    }

    /// - Throws: ``Problem`` 404 when there is no such collection or it has no tiles.
    private func findTiles(_ context: ClientContext) async throws -> (name: CollectionName, status: DatasetStatus) {
        let (name, status) = try await find(context)
        guard name.kind == .risk else {
            throw Problem.notFound("There are no tiles of \(name.text).", field: "collection")
        }
        return (name, status)
    }

    private static func members(_ status: DatasetStatus) -> [Document.Member] {
        [
            .init("title", .text(status.dataset.title)), .init("dataType", "vector"), .init("crs", .text(webMercator)),
            .init("tileMatrixSetId", "WebMercatorQuad"), .init("tileMatrixSetURI", .text(webMercatorQuad)),
        ]
    }

    private static func scheme(_ urls: OGCURLs) -> Document {
        .link(
            "http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme", "\(urls.root)/tileMatrixSets/WebMercatorQuad",
            "application/json", "WebMercatorQuad")
    }
}
