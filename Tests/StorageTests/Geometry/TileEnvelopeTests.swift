import Postgres
import TestDatabase
import TestStorage
import TestSupport
import Testing
import TileMath

@Suite(migratedDatabase())
struct TileEnvelopeTests {
    /// The corners and random addresses of each zoom.
    private static func addresses() throws -> [TileAddress] {
        var random = SplitMix(state: 3)
        var addresses: [TileAddress] = []
        for z in 0...30 {
            let last = 1 << z - 1
            var places = [(0, 0), (last, 0), (0, last), (last, last)]
            for _ in 0..<100 {
                places.append((Int.random(in: 0...last, using: &random), Int.random(in: 0...last, using: &random)))
            }
            addresses += try places.map { try TileAddress(z: z, x: $0.0, y: $0.1, maximumZoom: 30) }
        }
        return addresses
    }

    @Test func boundsAreTheEnvelopeOfPostGISToTheLastBit() async throws {
        let addresses = try Self.addresses()
        try await withConnection { connection in
            for part in stride(from: 0, to: addresses.count, by: 1000) {
                let chunk = Array(addresses[part..<min(part + 1000, addresses.count)])
                let rows = try await connection.query(
                    """
                    SELECT ST_XMin(e), ST_YMin(e), ST_XMax(e), ST_YMax(e)
                    FROM unnest($1::int[], $2::int[], $3::int[]) WITH ORDINALITY AS t (z, x, y, place),
                        ST_TileEnvelope(z, x, y) AS e
                    ORDER BY place
                    """,
                    [
                        PostgresArray(chunk.map { Int32($0.z) }), PostgresArray(chunk.map { Int32($0.x) }),
                        PostgresArray(chunk.map { Int32($0.y) }),
                    ])
                #expect(rows.count == chunk.count)
                for (address, row) in zip(chunk, rows) {
                    let box = address.mercatorBounds
                    #expect(try row.get(0) == box.minX, "\(address)")
                    #expect(try row.get(1) == box.minY, "\(address)")
                    #expect(try row.get(2) == box.maxX, "\(address)")
                    #expect(try row.get(3) == box.maxY, "\(address)")
                }
            }
        }
    }
}
