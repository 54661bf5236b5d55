import Accounts
import Domain
import Foundation
import NIOCore
import TestDomain
import Testing
import TileMath
import Tiles

@testable import Server

@Suite struct TileRouteTests {
    private static let path = "/v1/tiles/10/286/373.mvt"

    @Test(arguments: ["/v1/tiles/10/286/373.mvt", "/tiles/10/286/373.mvt"])
    func aTileIsSentAsItIsStored(path: String) async throws {
        let store = MemoryStore()
        let tile = store.now.tile
        try await withServer(store) { client in
            let answer = try await client.get(path, ["Accept-Encoding": "gzip"])
            #expect(answer.status == 200)
            #expect(answer.body == Data(tile.gzip.readableBytesView))
            #expect(answer.headers["content-encoding"] == "gzip")
            #expect(answer.headers["content-type"] == "application/vnd.mapbox-vector-tile")
            #expect(answer.headers["content-length"] == String(tile.gzip.readableBytes))
            #expect(answer.headers["cache-control"] == "public, max-age=300, stale-while-revalidate=60")
            #expect(answer.headers["vary"] == "Accept-Encoding")
            #expect(answer.headers["etag"] == "\"\(tile.tag)-gzip\"")
            #expect(answer.headers["x-content-type-options"] == "nosniff")
        }
    }

    @Test func whoTakesNoGzipGetsThePlainTileUnderAnotherTag() async throws {
        let store = MemoryStore()
        try await withServer(store) { client in
            let answer = try await client.get(Self.path)
            #expect(answer.text == "an encoded tile, and some more")
            #expect(answer.headers["content-encoding"] == nil)
            #expect(answer.headers["etag"] == "\"\(store.now.tile.tag)\"")
            #expect(answer.headers["vary"] == "Accept-Encoding")
        }
    }

    @Test func aKnownTagIs304WithoutABody() async throws {
        try await withServer { client in
            let tag = try #require(try await client.get(Self.path).headers["etag"])
            let answer = try await client.get(Self.path, ["If-None-Match": "\"other\", W/\(tag)"])
            #expect(answer.status == 304)
            #expect(answer.body.isEmpty)
            #expect(answer.headers["content-length"] == nil)
            #expect(answer.headers["etag"] == tag)
            #expect(answer.headers["vary"] == "Accept-Encoding")
            #expect(answer.headers["cache-control"] == "public, max-age=300, stale-while-revalidate=60")
            let gzip = ["If-None-Match": tag, "Accept-Encoding": "gzip"]
            #expect(try await client.get(Self.path, gzip).status == 200, "the tag of the other encoding is not known")
        }
    }

    @Test func headTellsWhatGetWouldSend() async throws {
        try await withServer { client in
            let get = try await client.get(Self.path)
            let head = try await client.send("HEAD", Self.path)
            #expect(head.status == 200)
            #expect(head.body.isEmpty)
            for name in ["etag", "content-length", "content-type", "cache-control", "vary"] {
                #expect(head.headers[name] == get.headers[name])
            }
        }
    }

    @Test func anEmptyTileIs204() async throws {
        let store = MemoryStore { $0.tile = Tile(plain: ByteBuffer(), generation: 7) }
        try await withServer(store) { client in
            let answer = try await client.get(Self.path, ["Accept-Encoding": "gzip"])
            #expect(answer.status == 204)
            #expect(answer.body.isEmpty)
            #expect(answer.headers["content-length"] == nil)
            #expect(answer.headers["cache-control"] == "public, max-age=300, stale-while-revalidate=60")
        }
    }

    @Test func aDayThatIsNotScoredIs204WithoutLookup() async throws {
        let store = MemoryStore()
        try await withServer(store) { client in
            for day in ["2013-12-31", "2022-01-01"] {
                let answer = try await client.get("\(Self.path)?date=\(day)")
                #expect(answer.status == 204)
            }
        }
        #expect(store.now.tileKeys.isEmpty)
    }

    @Test func theKeyHoldsWhatWasAskedAndTheDefaults() async throws {
        let store = MemoryStore()
        try await withServer(store) { client in
            _ = try await client.get(Self.path)
            _ = try await client.get("/v1/tiles/13/1/2.mvt?date=2020-02-29&level=high,low&dataset=toronto")
            _ = try await client.get("/v1/tiles/13/1/2.mvt?resolution=5&level=low,medium,high,critical")
        }
        #expect(
            store.now.tileKeys == [
                TileKey(
                    dataset: "toronto", day: LocalDay("2021-12-31")!, resolution: 7,
                    address: try TileAddress(z: 10, x: 286, y: 373)),
                TileKey(
                    dataset: "toronto", day: LocalDay("2020-02-29")!, resolution: 9, levels: [.high, .low],
                    address: try TileAddress(z: 13, x: 1, y: 2)),
                TileKey(
                    dataset: "toronto", day: LocalDay("2021-12-31")!, resolution: 5,
                    address: try TileAddress(z: 13, x: 1, y: 2)),
            ])
    }

    @Test(arguments: [
        ("/v1/tiles/1/2/0.mvt", "x"), ("/v1/tiles/1/0/2.mvt", "y"), ("/v1/tiles/23/0/0.mvt", "z"),
        ("/v1/tiles/-1/0/0.mvt", "z"), ("/v1/tiles/01/0/0.mvt", "z"), ("/v1/tiles/a/0/0.mvt", "z"),
        ("/v1/tiles/1/0/.mvt", "y"), ("/v1/tiles/1/0/1.5.mvt", "y"),
        ("/v1/tiles/99999999999999999999/0/0.mvt", "z"), ("/tiles/1/2/0.mvt?date=2021-12-31", "x"),
        ("/v1/tiles/1/0/0.mvt?date=2021-13-01", "date"), ("/v1/tiles/1/0/0.mvt?resolution=16", "resolution"),
        ("/v1/tiles/1/0/0.mvt?level=extreme", "level"), ("/v1/tiles/1/0/0.mvt?dataset=A", "dataset"),
        ("/v1/tiles/1/0/0.mvt?Date=2021-12-31", "Date"),
        ("/v1/tiles/1/0/0.mvt?date=2021-12-31&date=2021-12-31", "date"),
        ("/v1/tiles/1/0/0.mvt?from=2021-12-01", "to"), ("/v1/tiles/1/0/0.mvt?to=2021-12-01", "from"),
        ("/v1/tiles/1/0/0.mvt?from=2021-12-02&to=2021-12-01", "to"),
        ("/v1/tiles/1/0/0.mvt?from=2021-10-01&to=2021-12-02", "to"),
        ("/v1/tiles/1/0/0.mvt?from=2021-12-01&to=2021-12-02&date=2021-12-01", "date"),
        ("/v1/tiles/13/1/0.mvt?layers=", "layers"), ("/v1/tiles/13/1/0.mvt?layers=risk,", "layers"),
        ("/v1/tiles/13/1/0.mvt?layers=meta", "layers"), ("/v1/tiles/12/1/0.mvt?layers=risk,events", "layers"),
    ])
    func aBadAddressIs400NamingTheFieldBeforeAnyLookup(path: String, field: String) async throws {
        let store = MemoryStore()
        try await withServer(store) { client in
            let answer = try await client.get(path)
            #expect(answer.status == 400)
            #expect(answer.headers["content-type"] == "application/problem+json")
            let errors = try answer.json()["errors"] as? [[String: String]]
            #expect(errors?.map { $0["field"] } == [field])
        }
        #expect(store.now.datasetsAsked == 0)
        #expect(store.now.tileKeys.isEmpty)
    }

    @Test func daysMakeAKeyOfTheirOwnEvenIfSomeAreNotScored() async throws {
        let store = MemoryStore()
        let intervals = [
            ("2021-10-31", "2021-12-31"), ("2021-12-31", "2021-12-31"), ("2021-12-30", "2022-02-01"),
        ]
        try await withServer(store) { client in
            for (from, to) in intervals {
                let answer = try await client.get("\(Self.path)?from=\(from)&to=\(to)")
                #expect(answer.status == 200)
            }
            let answer = try await client.get("\(Self.path)?from=2022-01-01&to=2022-02-01")
            #expect(answer.status == 204)
        }
        let keys = store.now.tileKeys
        #expect(keys.map(\.day) == intervals.compactMap { LocalDay($0.0) })
        #expect(keys.map(\.lastDay) == intervals.map { LocalDay($0.1) })
    }

    @Test func eventsAreForThoseWithTheRightWhateverIsInMemory() async throws {
        let key = Secret.random(.apiKey)
        let store = MemoryStore()
        var sources = store.sources
        sources.accounts = MemoryAccounts {
            $0.keys[key.hash] = Principal(identity: .key("loader"), role: .analyst)
        }.sources(AccessVersion(1))
        let path = "/v1/tiles/13/1/2.mvt?layers=risk,events"
        try await withServer(store, sources: sources) { client in
            for _ in 0..<2 {
                let refused = try await client.get(path)
                #expect(refused.status == 401)
                let answer = try await client.get(path, ["Authorization": "Bearer \(key.text)"])
                #expect(answer.status == 200)
                #expect(answer.headers["cache-control"] == "private, no-cache")
            }
            let risk = try await client.get("/v1/tiles/13/1/2.mvt?layers=risk")
            #expect(risk.status == 200)
        }
        let layers = Set(store.now.tileKeys.map(\.layers.rawValue))
        #expect(layers == [TileLayers.risk.rawValue, TileLayers([.risk, .events]).rawValue])
    }

    @Test func aResolutionThatIsNotScoredIs400() async throws {
        try await withServer { client in
            let answer = try await client.get("\(Self.path)?resolution=10")
            #expect(answer.status == 400)
            #expect(answer.text.contains("5, 6, 7, 8, 9"))
        }
    }

    @Test(arguments: ["nowhere", "secret"])
    func anUnknownDatasetIs404AndSoIsAPrivateOne(slug: Slug) async throws {
        let store = MemoryStore { state in
            state.datasets.append(
                .changed { status in
                    status.dataset.slug = "secret"
                    status.dataset.visibility = .private
                })
        }
        try await withServer(store) { client in
            let answer = try await client.get("\(Self.path)?dataset=\(slug)")
            #expect(answer.status == 404)
        }
        #expect(store.now.tileKeys.isEmpty)
    }
}
