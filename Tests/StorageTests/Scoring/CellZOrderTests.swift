import Domain
import H3
import Postgres
import TestDatabase
import TestStorage
import TestSupport
import Testing
import TileMath

@testable import Storage

/// The numbers that PostgreSQL gives to cells are those that a tile looks for.
@Suite(migratedDatabase())
struct CellZOrderTests {
    private static let margin = 64.0 / 4096

    /// Cells all over the globe, many of them near the poles, the antimeridian and the corners of icosahedron faces.
    private static func cells(at resolution: Int, _ random: inout SplitMix) throws -> [UInt64] {
        var cells: Set<UInt64> = []
        for _ in 0..<200 {
            let latitude = Double.random(in: -90...90, using: &random)
            let longitude = Double.random(in: -180...180, using: &random)
            let near = Double.random(in: -1...1, using: &random)
            for (latitude, longitude) in [
                (latitude, longitude), (latitude, 180 + near), ((latitude < 0 ? -88.5 : 88.5) + near, longitude),
                (84.5 + near, longitude),
            ] {
                let wrapped = longitude > 180 ? longitude - 360 : longitude
                let cell = try H3Cell(
                    latitude: latitude, longitude: wrapped, resolution: Resolution(resolution))
                cells.insert(cell.bits)
            }
        }
        return Array(cells)
    }

    @Test(arguments: 0...15)
    func everyCellOnATileIsInItsRanges(resolution: Int) async throws {
        var random = SplitMix(state: UInt64(resolution))
        let cells = try Self.cells(at: resolution, &random)
        try await withConnection { connection in
            try await connection.transaction {
                try await CellStore(connection: $0).add(cells, resolution: resolution)
            }
            var found: Int64 = 0
            for cell in cells.prefix(150) {
                guard let center = H3Cell(bitPattern: Int64(bitPattern: cell))?.center else { continue }
                // Zooms from those on which the cells are tiny to those on which they are larger than a tile.
                let z = Int.random(in: max(0, resolution - 4)...min(22, resolution + 8), using: &random)
                guard
                    let tile = TileAddress(
                        longitude: center.longitude, latitude: center.latitude, z: z)
                else { continue }
                let beside = try TileAddress(
                    z: z, x: (tile.x + Int.random(in: 0...1, using: &random)) % (1 << z), y: tile.y)
                let ranges = ZOrder.ranges(on: beside, ofCellsAt: resolution, margin: Self.margin)
                let row = try await connection.query(
                    """
                    SELECT count(*), count(*) FILTER (WHERE NOT EXISTS (
                        SELECT FROM unnest($5, $6) AS near (first, last)
                        WHERE c.z_order BETWEEN near.first AND near.last))
                    FROM h3_cells c
                    CROSS JOIN (SELECT ST_TileEnvelope($2, $3, $4, margin => 64.0 / 4096) AS box) tile
                    -- Compared exactly: && takes boxes of single precision, which touch some metres away.
                    WHERE c.resolution = $1
                        AND ST_XMin(c.geom_3857) <= ST_XMax(box) AND ST_XMax(c.geom_3857) >= ST_XMin(box)
                        AND ST_YMin(c.geom_3857) <= ST_YMax(box) AND ST_YMax(c.geom_3857) >= ST_YMin(box)
                    """,
                    [
                        Int32(resolution), Int32(z), Int32(beside.x), Int32(beside.y),
                        PostgresArray(ranges.map { Int64($0.lowerBound) }),
                        PostgresArray(ranges.map { Int64($0.upperBound) }),
                    ])[0]
                found += try row.get(0, as: Int64.self)
                #expect(try row.get(1, as: Int64.self) == 0, "\(beside) at resolution \(resolution)")
            }
            #expect(found > 40)
        }
    }

    /// Cells that are looked at by every tile are few: those on the antimeridian and around the poles.
    @Test func farReachingCellsLieOnTheAntimeridianOrAtThePoles() async throws {
        try await withConnection { connection in
            let cells = try (0..<3000).map { index in
                try H3Cell(
                    latitude: Double(index % 167) - 83, longitude: Double(index % 179) * 2 - 178.5, resolution: 4
                ).bits
            }
            try await connection.transaction {
                try await CellStore(connection: $0).add(Array(Set(cells)), resolution: 4)
            }
            let rows = try await connection.query(
                """
                SELECT count(*) FROM h3_cells
                WHERE resolution = 4 AND z_order = -1 AND abs(ST_YMax(geom)) < 80 AND abs(ST_YMin(geom)) < 80
                    AND ST_XMax(geom) - ST_XMin(geom) < 180
                """)
            #expect(try rows[0].get(0, as: Int64.self) == 0)
        }
    }
}
