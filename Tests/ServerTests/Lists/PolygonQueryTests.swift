import Accounts
import Domain
import Foundation
import Testing

/// Queries by POST with a drawn polygon as their body.
@Suite struct PolygonQueryTests {
    private static let json = ["Content-Type": "application/json"]
    private static let triangle = #"{"type":"Polygon","coordinates":[[[-80,43],[-79,43],[-79,44,7],[-80,43]]]}"#
    private static let triangleShape = DrawnPolygon(polygons: [
        [[(-80.0, 43.0), (-79, 43), (-79, 44), (-80, 43)].map { .init(longitude: $0.0, latitude: $0.1) }]
    ])

    private let store = MemoryStore { $0.rows = [.example(.examples[0]), .example(.examples[1])] }

    @Test(arguments: [triangle, #"{"polygon":\#(triangle)}"#])
    func theAreaIsPartOfTheQuery(body: String) async throws {
        try await withServer(store) { client in
            let answer = try await client.send("POST", "/v1/risk/2021-12-31?limit=1", Self.json, body: body)
            #expect(answer.status == 200)
            let next = try #require(try answer.json()["next"] as? String)
            let path = String(next.dropFirst(client.origin.count))
            #expect(try await client.send("POST", path, Self.json, body: body).status == 200)
        }
        #expect(store.now.riskQueries.map(\.query.selection.polygon) == [Self.triangleShape, Self.triangleShape])
        #expect(store.now.riskQueries.map { $0.page.after?.cell } == [nil, .examples[0]])
    }

    private static func feature(_ geometry: String) -> String {
        #"{"type":"Feature","properties":{"name":"a","crs":7},"geometry":\#(geometry)}"#
    }

    private static let line = #"{"type":"LineString"}"#
    private static let crs84 = #"{"type":"name","properties":{"name":"urn:ogc:def:crs:OGC:1.3:CRS84"}}"#

    @Test(arguments: [
        feature(triangle), #"{"type":"FeatureCollection","features":[\#(feature(triangle))]}"#,
        #"{"type":"FeatureCollection","features":[\#(feature("null")),\#(feature(triangle))]}"#,
        #"{"type":"GeometryCollection","geometries":[\#(triangle)]}"#, #"{"polygon":\#(feature(triangle))}"#,
        // As ogr2ogr and QGIS write it.
        #"{"type":"FeatureCollection","name":"a","crs":\#(crs84),"features":[\#(feature(triangle))]}"#,
        #"{"crs":null,"polygon":\#(triangle)}"#,
    ])
    func anAreaMayBeAFeatureOrACollection(body: String) async throws {
        try await withServer(store) { client in
            let answer = try await client.send("POST", "/v1/risk/2021-12-31", Self.json, body: body)
            #expect(answer.status == 200)
        }
        #expect(store.now.riskQueries.map(\.query.selection.polygon) == [Self.triangleShape])
    }

    @Test func severalFeaturesMayOverlap() async throws {
        let feature = Self.feature(Self.triangle)
        let body = #"{"type":"FeatureCollection","features":[\#(feature),\#(feature)]}"#
        try await withServer(store) { client in
            let response = try await client.send("POST", "/v1/risk/2021-12-31", Self.json, body: body)
            #expect(response.status == 200)
        }
        let twice = DrawnPolygon(polygons: Self.triangleShape.polygons + Self.triangleShape.polygons, mayOverlap: true)
        #expect(store.now.riskQueries.map(\.query.selection.polygon) == [twice])
    }

    @Test(arguments: ["EPSG:4326", "urn:ogc:def:crs:EPSG::4326", "http://www.opengis.net/def/crs/OGC/1.3/CRS84"])
    func namesOfDegreesAreKnown(name: String) async throws {
        let body = #"{"crs":{"type":"name","properties":{"name":"\#(name)"}},\#(Self.triangle.dropFirst())"#
        try await withServer(store) { client in
            let response = try await client.send("POST", "/v1/risk/2021-12-31", Self.json, body: body)
            #expect(response.status == 200)
        }
        #expect(store.now.riskQueries.map(\.query.selection.polygon) == [Self.triangleShape])
    }

    @Test func everyListThatHasPlacesTakesOne() async throws {
        store.change { $0.counts = [EventCount(day: LocalDay("2021-12-31")!, eventType: "Assault", count: 3)] }
        try await withServer(store, as: .analyst) { client in
            for path in ["/v1/hotspots", "/v1/stats", "/v1/events"] {
                let answer = try await client.send("POST", path, Self.json, body: Self.triangle)
                #expect(answer.status == 200)
            }
            let cell = try await client.send("POST", "/v1/cells/882b9bc445fffff", Self.json, body: "{}")
            #expect(cell.status == 405)
        }
        #expect(store.now.topCellQueries.map(\.query.selection.polygon) == [Self.triangleShape])
        #expect(store.now.countQueries.map(\.selection.polygon) == [Self.triangleShape])
        #expect(store.now.eventQueries.map(\.query.selection.polygon) == [Self.triangleShape])
    }

    @Test(arguments: [
        ("", "polygon"), ("[1", "polygon"), ("[]", "polygon"), ("{}", "type"),
        (#"{"type":"Point","coordinates":[1,2]}"#, "type"), (#"{"polygon":{"type":"Line"}}"#, "polygon.type"),
        (#"{"type":"Polygon"}"#, "coordinates"),
        (feature(#"{"type":"Point","coordinates":[1,2]}"#), "geometry.type"), (feature("null"), "polygon"),
        (#"{"type":"FeatureCollection","features":[]}"#, "polygon"), (#"{"type":"Feature","geometry":[]}"#, "geometry"),
        (
            #"{"type":"FeatureCollection","features":[\#(feature(triangle)),\#(feature(line))]}"#,
            "features[1].geometry.type"
        ),
        (
            feature(#"{"type":"Polygon","coordinates":[[[0,0],[1,1],[0,91],[0,0]]]}"#), "geometry.coordinates[0][2]"
        ),
        // Another reference system is never taken for degrees.
        (#"{"crs":{"type":"name","properties":{"name":"EPSG:3857"}},\#(triangle.dropFirst())"#, "crs"),
        (#"{"crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::2056"}},\#(triangle.dropFirst())"#, "crs"),
        (#"{"crs":{"type":"link","properties":{"href":"x"}},\#(triangle.dropFirst())"#, "crs"),
        (#"{"crs":"EPSG:4326","polygon":\#(triangle)}"#, "crs"),
        (
            #"{"type":"Feature","geometry":{"crs":{"properties":{"name":"EPSG:32617"}},\#(triangle.dropFirst())}"#,
            "geometry.crs"
        ),
        (#"{"type":"Polygon","coordinates":[[[1,true]]]}"#, "coordinates[0][0][1]"),
        (#"{"type":"Polygon","coordinates":[]}"#, "coordinates"),
        (#"{"type":"MultiPolygon","coordinates":[]}"#, "coordinates"),
        (#"{"type":"Polygon","coordinates":[[[0,0],[1,1],[0,0]]]}"#, "coordinates[0]"),
        (#"{"type":"Polygon","coordinates":[[[0,0],[1,1],[1,0],[0,1]]]}"#, "coordinates[0]"),
        (#"{"type":"Polygon","coordinates":[[[0,0],[1,1],[0,91],[0,0]]]}"#, "coordinates[0][2]"),
        (
            #"{"polygon":{"type":"MultiPolygon","coordinates":[[[[0,0],[1],[0,1],[0,0]]]]}}"#,
            "polygon.coordinates[0][0][1]"
        ),
    ])
    func aFaultIsNamedByItsPlace(body: String, field: String) async throws {
        try await withServer(store) { client in
            let answer = try await client.send("POST", "/v1/risk/2021-12-31?limit=0", Self.json, body: body)
            #expect(answer.status == 400)
            let fields = (try answer.json()["errors"] as? [[String: String]])?.map { $0["field"] }
            #expect(fields == [field, "limit"])
        }
        #expect(store.now.riskQueries.isEmpty)
    }

    @Test func whatIsTooLongOrNoJSONIsRefused() async throws {
        let ring = (0...10_000).map { "[\(Double($0) / 100),1]" }.joined(separator: ",")
        try await withServer(store) { client in
            func status(_ headers: [String: String], _ body: String) async throws -> Int {
                try await client.send("POST", "/v1/risk/2021-12-31", headers, body: body).status
            }
            var found = [try await status(Self.json, #"{"type":"Polygon","coordinates":[[\#(ring),[0,1]]]}"#)]
            found.append(try await status(Self.json, String(repeating: " ", count: 1 << 20) + Self.triangle))
            found.append(try await status([:], Self.triangle))
            found.append(try await status(["Content-Type": "text/csv"], Self.triangle))
            #expect(found == [400, 413, 415, 415])
        }
    }

    @Test func anAreaThatIsNoneIsToldWhy() async throws {
        store.change { $0.polygonFault = "Self-intersection[0.5 0.5]" }
        try await withServer(store) { client in
            let answer = try await client.send("POST", "/v1/hotspots", Self.json, body: Self.triangle)
            #expect(answer.status == 400)
            #expect(answer.text.contains("Self-intersection[0.5 0.5]"))
        }
        #expect(store.now.topCellQueries.isEmpty)
    }
}
