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

/// Tiles of several days, and tiles with the points of events.
@Suite(migratedDatabase(), .serialized)
struct TileOfDaysTests {
    private static let place = (longitude: -79.38, latitude: 43.65)

    private static func layers(
        _ dataset: Slug, z: Int, from: String, to: String? = nil, levels: Set<RiskLevel> = [],
        layers: TileLayers = .risk, cellLimit: Int = TileKey.usualCellLimit
    ) async throws -> [VectorTile.Layer] {
        let key = TileKey(
            dataset: dataset, day: try #require(LocalDay(from)), lastDay: try to.map { try #require(LocalDay($0)) },
            resolution: 7, levels: levels, layers: layers, cellLimit: cellLimit,
            address: try #require(TileAddress(longitude: place.longitude, latitude: place.latitude, z: z)))
        return try await withReaders { readers in
            let tile = try await PostGISTileSource(readers, sql: Checkout.sql()).tile(key)
            return tile.isEmpty ? [] : VectorTile(Array(buffer: try tile.plain())).layers
        }
    }

    private static func row(_ longitude: Double, _ day: String, _ score: Double) throws -> RiskRow {
        .sample(try H3Cell(latitude: place.latitude, longitude: longitude, resolution: 7), day, score: score)
    }

    @Test func eachCellIsThereOnceWithTheScoreOfEveryDayItHas() async throws {
        _ = try await Dataset.stored("days")
        let near = try [Self.row(-79.38, "2021-06-01", 25), Self.row(-79.38, "2021-06-03", 25.001)]
        let far = try [Self.row(-79.3, "2021-06-02", 80), Self.row(-79.3, "2021-06-04", 99)]
        let outside = try [Self.row(-79.38, "2021-05-31", 7), Self.row(-70, "2021-06-02", 7)]
        try await (near + far + outside).serve("days")
        let layers = try await Self.layers("days", z: 9, from: "2021-06-01", to: "2021-06-04")
        #expect(layers.map(\.name) == ["risk"])
        var features: [String: [String: VectorTile.Value]] = [:]
        for var feature in layers.flatMap(\.features) {
            guard case .string(let cell)? = feature.removeValue(forKey: "h3_index") else { continue }
            #expect(features.updateValue(feature, forKey: cell) == nil)
        }
        // Rounded up, so that the second is still above the threshold of 25.
        #expect(features["\(near[0].cell)"]?.mapValues(Self.number) == ["s0": 25, "s2": 25.01])
        #expect(features["\(far[0].cell)"]?.mapValues(Self.number) == ["s1": 80, "s3": 99])
        #expect(features.count == 2)
        #expect(layers[0].ordinates.allSatisfy { $0.count == 6 })
    }

    private static func number(_ value: VectorTile.Value) -> Double? {
        switch value {
        case .double(let number): number
        case .integer(let number): Double(number)
        default: nil
        }
    }

    @Test func ofTooManyCellsThoseWithTheHighestDayAreThere() async throws {
        _ = try await Dataset.stored("crowd")
        var rows: [RiskRow] = []
        for place in 0..<6 {
            let longitude = -79.5 + Double(place) / 20
            for day in 1...3 {
                rows.append(try Self.row(longitude, "2021-06-0\(day)", day == 2 ? Double(10 * place) : 1))
            }
        }
        try await rows.serve("crowd")
        let layers = try await Self.layers("crowd", z: 8, from: "2021-06-01", to: "2021-06-03", cellLimit: 2)
        let cells = layers[0].features.map { $0["h3_index"] }
        #expect(Set(cells) == [.string("\(rows[15].cell)"), .string("\(rows[12].cell)")])
        #expect(
            layers[1].features == [["total": .integer(6), "shown": .integer(2), "reason": .string("too many cells")]])
    }

    @Test func theEventsOfTheDaysAreThereWithTypeAndTimeOnly() async throws {
        _ = try await Dataset.stored("points", timeZone: "America/Toronto")
        try await withConnection { connection in
            try await connection.execute(
                """
                INSERT INTO events (dataset, event_type, event_timestamp, geom, attributes_json, batch, row_number)
                SELECT 'points', type, stamp::timestamptz, ST_SetSRID(ST_MakePoint(x, 43.65), 4326),
                    '{"name": "secret"}', 0, row_number() OVER ()
                FROM (VALUES
                    ('before', '2021-06-01T03:59:59Z', -79.38), ('first', '2021-06-01T04:00:00Z', -79.38),
                    ('last', '2021-06-02T03:59:59Z', -79.38), ('after', '2021-06-02T04:00:00Z', -79.38),
                    ('away', '2021-06-01T12:00:00Z', -79.5)) AS v (type, stamp, x)
                """)
        }
        try await [try Self.row(-79.38, "2021-06-01", 10)].serve("points")
        let both = try await Self.layers("points", z: 13, from: "2021-06-01", layers: [.risk, .events])
        #expect(both.map(\.name) == ["risk", "events"])
        let found = both[1].features
        #expect(
            Set(found.map { $0["event_timestamp"] })
                == [.string("2021-06-01T04:00:00Z"), .string("2021-06-02T03:59:59Z")])
        #expect(found.allSatisfy { Set($0.keys) == ["event_type", "event_timestamp"] })
        let position = try #require(both[1].ordinates.first?.first)
        // The point in units of the tile, by the formulas of Web Mercator.
        let world = 4096.0 * 8192
        let x = (Self.place.longitude / 360 + 0.5) * world
        #expect(abs(Double(position.x) - x.truncatingRemainder(dividingBy: 4096)) <= 1)
        let alone = try await Self.layers("points", z: 13, from: "2021-06-02", layers: .events)
        #expect(alone.flatMap(\.features).map { $0["event_type"] } == [.string("after")])
        let usual = try await Self.layers("points", z: 13, from: "2021-06-01")
        #expect(usual.map(\.name) == ["risk"])
        let newest = try await Self.layers("points", z: 13, from: "2021-06-01", layers: [.risk, .events], cellLimit: 1)
        #expect(newest.map(\.name) == ["risk", "events", "events_meta"])
        #expect(newest[1].features.map { $0["event_type"] } == [.string("last")])
        #expect(
            newest[2].features == [["total": .integer(2), "shown": .integer(1), "reason": .string("too many events")]])
    }
}
