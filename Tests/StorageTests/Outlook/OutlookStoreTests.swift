import Domain
import H3
import Jobs
import NIOCore
import Postgres
import TestDatabase
import TestDomain
import TestStorage
import Testing
import TileMath
import Tiles

@testable import Storage

/// Outlooks as they are written, refreshed and read.
@Suite(migratedDatabase(), .serialized)
struct OutlookStoreTests {
    private static func put(
        _ head: OutlookHead, _ columns: OutlookColumns, lease: JobLease? = nil
    ) async throws {
        try await withConnection { try await OutlookWriter($0).put(head, columns, lease: lease) }
    }

    private static func refresh() async throws {
        _ = try await ViewRefresh(TestDatabase.options, sql: Checkout.sql()).refresh()
    }

    private static func rows(_ query: OutlookQuery, limit: Int = 1000) async throws -> [OutlookRow] {
        try await withReaders { readers in
            let store = OutlookStore(readers, sql: try Checkout.sql())
            var rows: [OutlookRow] = []
            var page = PageRequest<OutlookRow>(limit: limit)
            repeat {
                let found = try await store.cells(query, page)
                rows += found.rows
                page.after = found.next
            } while page.after != nil
            return rows
        }
    }

    private static func query(_ dataset: Slug, asOf: String = "2021-06-30") throws -> OutlookQuery {
        OutlookQuery(FeatureSelection(dataset), resolution: 7, asOf: try #require(LocalDay(asOf)))
    }

    @Test func whatIsWrittenIsReadAgain() async throws {
        _ = try await Dataset.stored("written")
        let cells = try gridOfCells(40)
        let columns = OutlookColumns.sample(cells)
        try await Self.put(.sample("written"), columns)
        #expect(try await Self.rows(Self.query("written")).isEmpty, "nothing is served before a refresh")
        try await Self.refresh()
        for period in OutlookPeriod.allCases {
            var query = try Self.query("written")
            query.period = period
            query.sort = .cell
            let rows = try await Self.rows(query, limit: 7)
            #expect(rows.map(\.cell.bits) == columns.cells)
            let base = (period.place - 1) * cells.count
            for (place, row) in rows.enumerated() {
                let score = columns.maxScores?[base + place]
                #expect(row.figures.events == Int(columns.events[base + place]))
                #expect(row.figures.before == Int(columns.eventsBefore[base + place]))
                #expect(row.figures.p == columns.changePs[base + place])
                #expect(row.figures.trend == columns.trends[base + place])
                #expect(row.figures.maxScore == (score == -1 ? nil : score))
                #expect(row.figures.daysFlagged == columns.daysFlagged.map { Int($0[base + place]) })
                #expect(row.hotSpot.hotSpotClass == columns.classes[place])
                #expect(row.hotSpot.z == columns.giZs[place])
                #expect(row.hotSpot.trendP == columns.giTrendPs[place])
                #expect(row.forecast.expected == columns.expected[place])
                #expect(row.forecast.chance == columns.chances[place])
                #expect(row.forecast.interval50 == Int(columns.lower50[place])...Int(columns.upper50[place]))
                #expect(row.forecast.interval90 == Int(columns.lower90[place])...Int(columns.upper90[place]))
                #expect(row.forecast.horizon == 7)
            }
        }
    }

    @Test func theMostUrgentComesFirstAndNoValueLast() async throws {
        _ = try await Dataset.stored("sorted")
        let cells = try gridOfCells(60)
        try await Self.put(.sample("sorted"), .sample(cells))
        try await Self.refresh()
        var query = try Self.query("sorted")
        query.sort = .class
        let order = try await Self.rows(query, limit: 9).map(\.hotSpot.hotSpotClass)
        let places = try order.map { try #require(HotSpotClass.byUrgency.firstIndex(of: $0)) }
        #expect(places == places.sorted())
        for sort in [OutlookSort.change, .score] {
            query.sort = sort
            let rows = try await Self.rows(query, limit: 9)
            let values = rows.map { sort == .change ? $0.figures.change : $0.figures.maxScore }
            let known = values.compactMap(\.self)
            #expect(rows.count == cells.count)
            #expect(values.prefix(known.count).allSatisfy { $0 != nil })
            #expect(known == known.sorted(by: >))
        }
    }

    @Test func anOutlookIsReplacedAndOldDaysAreForgotten() async throws {
        _ = try await Dataset.stored("aging")
        let cells = try gridOfCells(10)
        for day in 1...12 {
            try await Self.put(.sample("aging", asOf: "2021-06-\(day < 10 ? "0" : "")\(day)"), .sample(cells))
        }
        try await Self.put(.sample("aging", asOf: "2021-06-12"), .sample(cells, shift: 7))
        // One of the past that was asked for stays until the next.
        try await Self.put(.sample("aging", asOf: "2021-01-01"), .sample(cells))
        try await Self.refresh()
        let days: String = try await value("SELECT served_outlook_days('aging')")
        let expected = (5...12).reversed().map { "2021-06-\($0 < 10 ? "0" : "")\($0)" } + ["2021-01-01"]
        #expect(days == expected.joined(separator: ","))
        let rows = try await Self.rows(Self.query("aging", asOf: "2021-06-12"))
        #expect(rows.map(\.forecast.expected).max() == Double(16) / 32)
        try await Self.put(.sample("aging", asOf: "2021-06-13"), .sample(cells))
        #expect(try await value("SELECT count(DISTINCT as_of) FROM outlooks WHERE dataset = 'aging'") == 8)
    }

    @Test func withoutItsLeaseAJobWritesNothing() async throws {
        try await withQueue { queue in
            _ = try await queue.enqueueScore("leased")
            let zombie = try #require(try await queue.claimNow())
            try await letLeaseExpire(zombie.lease)
            try await queue.sweep()
            await #expect(throws: LeaseLost.self) {
                try await Self.put(.sample("leased"), .sample(try gridOfCells(10)), lease: zombie.lease)
            }
            #expect(try await value("SELECT count(*) FROM outlooks WHERE dataset = 'leased'") == 0)
            let heir = try #require(try await queue.claimNow())
            #expect(try await queue.settle(heir.lease, .finished))
        }
    }

    @Test func aDeletedDatasetTakesItsOutlooksAlong() async throws {
        _ = try await Dataset.stored("deleted-outlook")
        try await Self.put(.sample("deleted-outlook"), .sample(try gridOfCells(10)))
        try await Self.refresh()
        #expect(try await Self.rows(Self.query("deleted-outlook")).count == 10)
        _ = try await DatasetDeletion(TestDatabase.options, sql: Checkout.sql()).delete("deleted-outlook")
        #expect(try await Self.rows(Self.query("deleted-outlook")).isEmpty)
        #expect(try await value("SELECT count(*) FROM outlooks WHERE dataset = 'deleted-outlook'") == 0)
    }

    @Test(arguments: [5000, 4])
    func aTileHasTheCellsOfItsOutlook(cellLimit: Int) async throws {
        let slug: Slug = cellLimit > 4 ? "tiled" : "crowded"
        _ = try await Dataset.stored(slug)
        let cells = try gridOfCells(80)
        let columns = OutlookColumns.sample(cells)
        try await Self.put(.sample(slug), columns)
        try await Self.put(.sample(slug, kind: .group("theft")), .sample(cells, isOfAll: false, shift: 3))
        try await Self.refresh()
        let key = TileKey(
            dataset: slug, day: try #require(LocalDay("2021-06-30")), resolution: 7, layers: .outlook,
            outlook: OutlookLayer(period: .quarter), cellLimit: cellLimit,
            address: try TileAddress(z: 6, x: 17, y: 23))
        let (tile, ofGroup) = try await withReaders { readers in
            let source = PostGISTileSource(readers, sql: try Checkout.sql())
            var other = key
            other.outlook?.kind = .group("theft")
            other.outlook?.classes = [.newHot]
            return (try await source.tile(key), try await source.tile(other))
        }
        let layers = VectorTile(Array(buffer: try tile.plain())).layers
        #expect(layers.map(\.name) == (cellLimit > 4 ? ["outlook"] : ["outlook", "meta"]))
        let features = try #require(layers.first).features
        #expect(features.count == min(cellLimit, cells.count))
        for feature in features {
            guard case .string(let text) = feature["h3_index"], let cell = try? H3Cell(text),
                let place = columns.cells.firstIndex(of: cell.bits)
            else {
                Issue.record("a feature without a cell")
                continue
            }
            #expect(place >= cells.count - cellLimit, "those with the most expected events stay")
            let base = 2 * cells.count + place
            #expect(feature["class"] == .string(columns.classes[place].rawValue))
            #expect(feature["trend"] == .string(columns.trends[base].rawValue))
            #expect(feature["events"] == .integer(Int64(columns.events[base])))
            #expect(feature["upper_90"] == .integer(Int64(columns.upper90[place])))
            #expect((feature["max_score"] == nil) == (columns.maxScores?[base] == -1))
        }
        let others = VectorTile(Array(buffer: try ofGroup.plain())).layers.first?.features ?? []
        #expect(!others.isEmpty)
        #expect(others.allSatisfy { $0["class"] == .string("new_hot") && $0["max_score"] == nil })
    }
}
