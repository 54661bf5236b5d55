import Domain
import H3
import NIOCore
import Postgres
import TestDatabase
import TestDomain
import TestStorage
import Testing
import TileMath
import Tiles

@testable import Storage

/// The lists of figures beside what the statements have.
@Suite(migratedDatabase(), .serialized)
struct CellFiguresTests {
    private static let place = (longitude: -79.38, latitude: 43.65)
    private static let day = LocalDay("2021-06-01")!

    private static var attributes: Set<String> {
        Set(RiskRow.figures.filter { $0.outputs.contains(.tiles) }.map(\.name))
    }

    /// Attributes of the cells in a tile. With a small limit the statement for crowded tiles makes it.
    private static func attributes(z: Int, cellLimit: Int) async throws -> [Set<String>] {
        let address = try #require(TileAddress(longitude: place.longitude, latitude: place.latitude, z: z))
        let key = TileKey(dataset: "figured", day: day, resolution: 7, cellLimit: cellLimit, address: address)
        #expect(key.mayBeCrowded == (cellLimit == 1))
        let tile = try await withReaders { try await PostGISTileSource($0, sql: Checkout.sql()).tile(key) }
        return VectorTile(Array(buffer: try tile.plain())).layers.filter { $0.name == "risk" }
            .flatMap(\.features).map { Set($0.keys) }
    }

    @Test func bothStatementsForTilesWriteTheFiguresOfTiles() async throws {
        _ = try await Dataset.stored("figured")
        let cell = try H3Cell(latitude: Self.place.latitude, longitude: Self.place.longitude, resolution: 7)
        try await [RiskRow.sample(cell, "2021-06-01")].serve("figured")
        #expect(try await Self.attributes(z: 11, cellLimit: 5000) == [Self.attributes])
        #expect(try await Self.attributes(z: 11, cellLimit: 1) == [Self.attributes])
    }

    @Test func figuresOfACellAndDayAreColumnsOfTheServedView() async throws {
        // The names of areas are looked up beside the view.
        let names = RiskRow.figures.filter { $0.name != "area" }.map(\.name).joined(separator: ", ")
        try await withConnection { connection in
            let rows = try await connection.query("SELECT \(names) FROM mv_daily_risk WHERE false")
            #expect(rows.count == 0)
        }
    }

    @Test func filtersCompareTheColumnsOfFigures() {
        #expect(
            FilterColumns.risk.properties == [
                "h3_index": #"to_hex(m.h3_index) COLLATE "C""#, "day": "m.day",
                "resolution": "m.resolution::float8", "event_count": "m.event_count::float8",
                "rolling_7d_avg": "m.rolling_7d_avg", "growth_rate": "m.growth_rate", "risk_score": "m.risk_score",
                "risk_level": #"m.risk_level::text COLLATE "C""#, "z_score": "m.z_score", "anomaly": "m.anomaly",
                "unusual": "m.unusual",
            ])
        #expect(
            FilterColumns.topCells.properties == [
                "h3_index": #"to_hex(f.h3_index) COLLATE "C""#, "last_day": "f.last_day", "last_score": "f.last_score",
                "last_level": #"f.last_level::text COLLATE "C""#, "max_score": "f.max_score",
                "max_level": #"f.max_level::text COLLATE "C""#, "total_events": "f.total_events::float8",
                "days_active": "f.days_active::float8", "days_flagged": "f.days_flagged::float8",
                "growth_rate": "f.growth_rate",
            ])
    }
}
