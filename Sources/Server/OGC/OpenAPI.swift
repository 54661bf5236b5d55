import Formats

/// The description of the OGC API (OpenAPI 3.0).
enum OpenAPI {
    static let mediaType = "application/vnd.oai.openapi+json;version=3.0"

    static func document(_ urls: OGCURLs) -> Document {
        [
            "openapi": "3.0.3",
            "info": [
                "title": "Hextant", "version": "1.0.0",
                "description": "OGC API Features and Tiles: risk by H3 cell and day, top cells, and single events.",
            ],
            "servers": [["url": .text(urls.root)]],
            "security": [[:], ["token": []]],
            "paths": .object(paths),
            "components": [
                "securitySchemes": ["token": ["type": "http", "scheme": "bearer"]],
                "parameters": .object(parameters.map { Document.Member($0.key, $0.value) } + properties),
                "responses": [
                    "Problem": [
                        "description": "The fault (RFC 9457).",
                        "content": ["application/problem+json": ["schema": ["type": "object"]]],
                    ]
                ],
            ],
        ]
    }

    private static let paths: [Document.Member] = [
        path("/", "landing", "The landing page"),
        path("/api", "api", "This description", media: [mediaType]),
        path("/conformance", "conformance", "The supported conformance classes"),
        path("/collections", "collections", "A page of collections", ["limit", "after"]),
        path("/collections/{collectionId}", "collection", "A collection", ["collectionId"]),
        path(
            "/collections/{collectionId}/queryables", "queryables", "The properties for filters", ["collectionId"],
            media: ["application/schema+json"]),
        path(
            "/collections/{collectionId}/items", "items", "A page of features",
            [
                "collectionId", "limit", "bbox", "datetime", "from", "to", "filter", "filter-lang", "filter-crs",
                "resolution", "after",
            ] + ItemsQuery.ofOutlook + ItemsQuery.properties.map(\.name), media: ["application/geo+json"]),
        path(
            "/collections/{collectionId}/items/{featureId}", "item", "A feature", ["collectionId", "featureId"],
            media: ["application/geo+json"]),
        path("/collections/{collectionId}/tiles", "tileSets", "The tile sets", ["collectionId"]),
        path("/collections/{collectionId}/tiles/WebMercatorQuad", "tileSet", "A tile set", ["collectionId"]),
        path("/tileMatrixSets", "tileMatrixSets", "The tile matrix sets"),
        path("/tileMatrixSets/WebMercatorQuad", "tileMatrixSet", "A tile matrix set"),
    ]

    private static func path(
        _ path: String, _ operation: String, _ summary: String, _ parameters: [String] = [],
        media: [String] = ["application/json"]
    ) -> Document.Member {
        let content = (media + ["text/html"]).map { type -> Document.Member in
            .init(type, ["schema": ["type": type == "text/html" ? "string" : "object"]])
        }
        let references = (parameters + ["f"]).map { name -> Document in
            ["$ref": .text("#/components/parameters/\(name)")]
        }
        let problems = ["400", "401", "403", "404", "503"].map { status -> Document.Member in
            .init(status, ["$ref": "#/components/responses/Problem"])
        }
        return .init(
            path,
            [
                "get": [
                    "operationId": .text(operation), "summary": .text(summary), "parameters": .list(references),
                    "responses": .object(
                        [.init("200", ["description": .text(summary), "content": .object(content)])] + problems),
                ]
            ])
    }

    /// The parameters that are named like properties. GDAL sends conditions only on properties that it finds here.
    private static let properties = ItemsQuery.properties.map { property -> Document.Member in
        let description = "Only features whose \(property.name) is this; of collections that have the property"
        if property.name == "event_type" {
            let description = "Only events of these types, with commas; of collections of events"
            return .init(property.name, parameter(property.name, ["type": "string"], description))
        }
        let schema: Document = property.kind == .truth ? ["enum": [true, false, 1, 0]] : property.schema
        return .init(property.name, parameter(property.name, schema, description))
    }

    private static let parameters: KeyValuePairs<String, Document> = [
        "collectionId": parameter(
            "collectionId", ["type": "string"], "DATASET.risk, .hotspots, .outlook or .events, or LAYER.areas",
            isPath: true),
        "featureId": parameter("featureId", ["type": "string"], "The id of a feature", isPath: true),
        "f": parameter("f", ["type": "string", "enum": ["json", "html"]], "The format; takes precedence over Accept"),
        "limit": parameter(
            "limit", ["type": "integer", "minimum": 1, "maximum": 1000, "default": 100],
            "Features or collections of a page; a larger number is reduced to the maximum"),
        "bbox": parameter(
            "bbox",
            [
                "type": "array", "oneOf": [["minItems": 4, "maxItems": 4], ["minItems": 6, "maxItems": 6]],
                "items": ["type": "number"],
            ], "West, south, east, north; west above east crosses the antimeridian", isList: true),
        "datetime": parameter(
            "datetime", ["type": "string"], "An instant, a date, or two of them with a slash, .. for an open end"),
        "from": parameter(
            "from", ["type": "string"],
            "Instead of datetime: the first day in the dataset's time zone, or an instant; latest or yesterday"),
        "to": parameter(
            "to", ["type": "string"], "Instead of datetime: the last day, or the instant after the period"),
        "filter": parameter("filter", ["type": "string"], "A condition on the queryables in CQL2 text"),
        "filter-lang": parameter(
            "filter-lang", ["type": "string", "enum": ["cql2-text", "cql-text"], "default": "cql2-text"],
            "The language of filter; cql-text is the draft before CQL2, as GDAL writes it"),
        "filter-crs": parameter(
            "filter-crs", ["type": "string", "format": "uri", "enum": [.text(Conformance.crs84)]],
            "The reference system of the geometries in filter"),
        "resolution": parameter(
            "resolution", ["type": "integer", "minimum": 0, "maximum": 15],
            "H3 resolution of the cells, one that the dataset is scored at; not for events"),
        "as_of": parameter(
            "as_of", ["type": "string"],
            "Last day that the outlook knows: a date, latest or yesterday; only for outlooks, instead of datetime"),
        "period": parameter(
            "period", ["type": "integer", "enum": [7, 28, 90, 365], "default": 28],
            "Length of the period in days; only for outlooks"),
        "kind": parameter(
            "kind", ["type": "string", "default": "all"],
            "All events, or a group of event types that the dataset names; only for outlooks"),
        "after": parameter("after", ["type": "string"], "The cursor of a page, taken from the link to the next page"),
    ]

    private static func parameter(
        _ name: String, _ schema: Document, _ description: String, isPath: Bool = false, isList: Bool = false
    ) -> Document {
        var members: [Document.Member] = [
            .init("name", .text(name)), .init("in", isPath ? "path" : "query"), .init("required", .truth(isPath)),
            .init("description", .text(description)), .init("schema", schema),
        ]
        if isList { members += [.init("style", "form"), .init("explode", false)] }
        return .object(members)
    }
}
