import Domain
import H3
import Postgres
import TestDatabase
import TestStorage
import TestSupport
import Testing

@testable import Storage

@Suite(migratedDatabase())
struct EWKBTests {
    /// Cells at every resolution: anywhere, on the antimeridian, and around and next to the poles.
    private static let cells: [H3Cell] = {
        var random = SplitMix(state: 11)
        return Resolution.allCases.flatMap { resolution in
            let anywhere = (0..<12).map { _ in
                (Double.random(in: -84...84, using: &random), Double.random(in: -180...180, using: &random))
            }
            let edge = (0..<6).map { _ in (Double.random(in: -80...80, using: &random), 180.0) }
            let polar = [(90.0, 0.0), (-90, 0), (89.9999, 170), (-89.9, -179.9), (86, 180), (-86, 10), (85.0511, 30)]
            return (anywhere + edge + polar)
                .compactMap { try? H3Cell(latitude: $0.0, longitude: $0.1, resolution: resolution) }
        }
    }()

    private static func wellKnownText(_ outline: CellOutline) -> String {
        let rings = outline.polygons.map { ring in
            "((" + ring.map { "\($0.longitude) \($0.latitude)" }.joined(separator: ",") + "))"
        }
        return rings.count == 1 ? "POLYGON" + rings[0] : "MULTIPOLYGON(" + rings.joined(separator: ",") + ")"
    }

    @Test func postGISReadsAnOutlineAsItWasMeant() async throws {
        try await withConnection { connection in
            for cell in Self.cells {
                let outline = CellOutline(cell)
                let row = try await connection.query(
                    """
                    SELECT ST_SRID(g), ST_IsValid(g), ST_Area(g) > 0, ST_OrderingEquals(g, ST_GeomFromText($2, 4326)),
                        ST_IsPolygonCCW(g)
                    FROM ST_GeomFromEWKB($1) AS g
                    """, [PostgresBytes(EWKB.outline(outline)), Self.wellKnownText(outline)])[0]
                #expect(try row.get(0, as: Int.self) == 4326)
                for column in 1...4 { #expect(try row.get(column, as: Bool.self), "\(cell), column \(column)") }
            }
        }
    }

    @Test func mercatorIsThatOfPostGIS() async throws {
        try await withConnection { connection in
            for cell in Self.cells where cell.boundary.allSatisfy({ abs($0.latitude) < 85.05 }) {
                let outline = CellOutline(cell)
                let row = try await connection.query(
                    """
                    SELECT ST_SRID(ours), ST_IsValid(ours), ST_Area(ours) > 0,
                        ST_GeometryType(ours) = ST_GeometryType(theirs),
                        (SELECT max(ST_Distance(a.geom, b.geom))
                            FROM ST_DumpPoints(ours) AS a JOIN ST_DumpPoints(theirs) AS b USING (path)),
                        ST_NPoints(ours) = ST_NPoints(theirs), ST_IsPolygonCW(ours)
                    FROM ST_GeomFromEWKB($1) AS ours,
                        ST_Reverse(ST_Transform(ST_GeomFromEWKB($2), 3857)) AS theirs
                    """,
                    [PostgresBytes(EWKB.mercatorOutline(outline)), PostgresBytes(EWKB.outline(outline))])[0]
                #expect(try row.get(0, as: Int.self) == 3857)
                for column in [1, 2, 3, 5, 6] {
                    #expect(try row.get(column, as: Bool.self), "\(cell), column \(column)")
                }
                #expect(try row.get(4, as: Double.self) < 1e-6, "\(cell)")
            }
        }
    }

    @Test func aCellOverTheEdgeOfTheSquareIsValid() async throws {
        try await withConnection { connection in
            for cell in Self.cells where cell.boundary.contains(where: { abs($0.latitude) < 85.05 }) {
                let row = try await connection.query(
                    """
                    SELECT ST_IsValid(g), ST_Area(ST_Intersection(ST_MakeValid(g), ST_TileEnvelope(0, 0, 0))) > 0
                    FROM ST_GeomFromEWKB($1) AS g
                    """, [PostgresBytes(EWKB.mercatorOutline(CellOutline(cell)))])[0]
                for column in 0...1 { #expect(try row.get(column, as: Bool.self), "\(cell), column \(column)") }
            }
        }
    }

    @Test(arguments: [1, 2, 3, 5, 9, 15] as [Resolution], [89.0, -89])
    func aCellBeyondTheSquareIsEmpty(_ resolution: Resolution, _ latitude: Double) async throws {
        let cell = try H3Cell(latitude: latitude, longitude: 25, resolution: resolution)
        guard cell.boundary.allSatisfy({ abs($0.latitude) > 85.06 }) else { return }
        let bytes = PostgresBytes(EWKB.mercatorOutline(CellOutline(cell)))
        #expect(try await value("SELECT ST_IsEmpty(ST_GeomFromEWKB($1))", [bytes]))
    }

    @Test func aPointKeepsEveryBit() async throws {
        var bytes: [UInt8] = []
        EWKB.point(longitude: -79.123456789012345, latitude: 43.98765432109876, into: &bytes)
        try await withConnection { connection in
            let row = try await connection.query(
                "SELECT ST_X(g), ST_Y(g), ST_SRID(g) FROM ST_GeomFromEWKB($1) AS g", [PostgresBytes(bytes)])[0]
            #expect(try row.get(0) == -79.123456789012345)
            #expect(try row.get(1) == 43.98765432109876)
            #expect(try row.get(2) == 4326)
        }
    }
}
