import Accounts
import Domain
import Foundation
import Limits
import Logging
import NIOCore
import NIOEmbedded
import Testing
import TileMath
import Tiles

@testable import Server
@testable import Web

@Suite struct TileShortcutTests {
    private static let path = "/v1/tiles/10/286/373.mvt"
    private static let request = "GET \(path) HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip\r\n\r\n"

    /// The handler alone in a channel, with a store whose tile of `path` is in memory.
    private struct Connection {
        let store: MemoryStore
        let activity: ConnectionActivity
        let channel: EmbeddedChannel
        private let parts: TileParts
        private let route: TileRoute

        init(
            _ store: MemoryStore = MemoryStore(), remembers: Bool = true, rates: RateLimits = RateLimits(),
            arrival: ArrivalPolicy = ArrivalPolicy()
        ) async throws {
            self.store = store
            var logger = Logger(label: "test")
            logger.logLevel = .critical
            let sources = store.cachedSources
            let tiles = sources.tiles
            // A list of datasets that does not expire while other tests keep the machine busy.
            parts = TileParts(ServerConfiguration(datasetsMaxAge: .seconds(600)), sources: sources, logger: logger)
            route = parts.route(tiles)
            let limits = ConnectionLimits(idle: .seconds(60), head: .seconds(60), write: .seconds(60))
            activity = ConnectionActivity(limits: limits)
            let observer = RequestObserver(logger: logger, sampling: 0)
            let buckets = LocalBuckets()
            let answerer = parts.answerer(
                tiles, observer: observer, limiter: RateLimiter(rates, shared: buckets, local: buckets),
                arrival: arrival)
            channel = EmbeddedChannel(handler: TileShortcut(activity, answerer, isSecure: false))
            try await channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1))
            guard remembers else { return }
            let (status, version) = try await parts.catalogue.find(nil, for: .anonymous)
            let key = TileKey(
                dataset: status.dataset.slug, day: try #require(status.days?.upperBound), resolution: 7,
                address: try .init(z: 10, x: 286, y: 373))
            _ = try await tiles.tile(key)
            route.book.remember(
                TileShortcutTests.path, .init(key: key, dataset: nil, version: version, route: "tiles"))
        }

        /// The immediate answer to the client, and the bytes passed on to the router.
        func send(_ text: String) throws -> (answer: String, passed: String) {
            channel.pipeline.fireChannelRead(ByteBuffer(string: text))
            channel.pipeline.fireChannelReadComplete()
            var answer = ""
            while let part = try channel.readOutbound(as: ByteBuffer.self) {
                answer += String(decoding: part.readableBytesView, as: Unicode.ASCII.self)
            }
            var passed = ""
            while let part = try channel.readInbound(as: ByteBuffer.self) { passed += String(buffer: part) }
            return (answer, passed)
        }
    }

    @Test func aTileInMemoryGoesNoFurther() async throws {
        let connection = try await Connection()
        for _ in 0..<3 {
            let (answer, passed) = try connection.send(Self.request)
            #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n"))
            #expect(passed.isEmpty)
        }
        #expect(connection.store.now.tileKeys.count == 1)
    }

    @Test func whatTilesAreLimitedToHoldsForThoseInMemory() async throws {
        let connection = try await Connection(rates: RateLimits(address: 0, account: 0, tiles: 2))
        for _ in 0..<2 { #expect(try connection.send(Self.request).passed.isEmpty) }
        // The router refuses it with a complete error answer.
        #expect(try connection.send(Self.request) == (answer: "", passed: Self.request))
    }

    @Test func aPageOfAnotherOriginIsToldWhetherItMayRead() async throws {
        var arrival = ArrivalPolicy()
        arrival.crossOrigin = try #require(CrossOrigin("https://a.example"))
        arrival.basePath = try #require(BasePath("/maps"))
        let connection = try await Connection(arrival: arrival)
        let request = Self.request.replacing("GET /v1", with: "GET /maps/v1")
        for (origin, isAllowed) in [("https://a.example", true), ("https://b.example", false)] {
            let (answer, passed) = try connection.send(
                request.replacing("Host: a", with: "Host: a\r\nOrigin: \(origin)\r\nX-Request-Id: r-1"))
            #expect(passed.isEmpty)
            #expect(answer.contains("Vary: Origin\r\n"))
            #expect(answer.contains("Access-Control-Allow-Origin: \(origin)\r\n") == isAllowed)
            #expect(answer.contains("X-Request-Id: r-1\r\n"))
        }
    }

    @Test(arguments: ["Via: 1.1 a", "X-Request-Id: a\"b", "X-Request-Id: \(String(repeating: "a", count: 129))"])
    func aRequestWithoutASoundNameGetsOneOfItsOwn(header: String) async throws {
        var names: Set<Substring> = []
        for _ in 0..<2 {
            let connection = try await Connection()
            for _ in 0..<2 {
                let (answer, _) = try connection.send(Self.request.replacing("Host: a", with: "Host: a\r\n\(header)"))
                let match = try #require(answer.firstMatch(of: /X-Request-Id: ([0-9a-f]{16}-[0-9]+)\r\n/))
                names.insert(match.1)
            }
        }
        #expect(names.count == 4)
    }

    @Test func severalAtOnceAreAnsweredInTheirOrder() async throws {
        let connection = try await Connection()
        let tag = "\"\(connection.store.now.tile.tag)-gzip\""
        let known = Self.request.replacing("\r\n\r\n", with: "\r\nIf-None-Match: \(tag)\r\n\r\n")
        let (answer, passed) = try connection.send(Self.request + known + Self.request)
        let statuses = answer.matches(of: /HTTP\/1.1 (\d+)/).map { String($0.1) }
        #expect(statuses == ["200", "304", "200"])
        #expect(passed.isEmpty)
    }

    @Test func whatIsNotInMemoryGoesOnUnchanged() async throws {
        let connection = try await Connection()
        let other = Self.request.replacing("286", with: "287")
        #expect(try connection.send(other) == (answer: "", passed: other))
    }

    @Test func whileARequestIsUnderWayNothingOvertakesIt() async throws {
        let connection = try await Connection()
        let other = Self.request.replacing("286", with: "287")
        connection.activity.receivedHead()
        _ = try connection.send(other)
        #expect(try connection.send(Self.request) == (answer: "", passed: Self.request))
        connection.activity.answered()
        // From then on, the ends of requests are not known.
        #expect(try connection.send(Self.request) == (answer: "", passed: Self.request))
    }

    @Test func afterTheAnswerOfTheRouterItServesAgain() async throws {
        let connection = try await Connection()
        connection.activity.receivedHead()
        _ = try connection.send(Self.request.replacing("286", with: "287"))
        connection.activity.answered()
        #expect(try connection.send(Self.request).answer.hasPrefix("HTTP/1.1 200 OK\r\n"))
    }

    @Test func whatFollowsAnAnswerGoesOnWithoutIt() async throws {
        let connection = try await Connection()
        let upload = "POST /v1/events/upload HTTP/1.1\r\nContent-Length: 5\r\n\r\nGET /"
        let (answer, passed) = try connection.send(Self.request + upload)
        #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n"))
        #expect(passed == upload)
        // The rest of that body may look like a request, but is none.
        #expect(try connection.send(Self.request) == (answer: "", passed: Self.request))
    }

    @Test func halfAHeadGoesOnAndTheRestAfterIt() async throws {
        let connection = try await Connection()
        let half = String(Self.request.prefix(30))
        #expect(try connection.send(half) == (answer: "", passed: half))
        let rest = String(Self.request.dropFirst(30))
        #expect(try connection.send(rest) == (answer: "", passed: rest))
        #expect(try connection.send(Self.request).passed == Self.request)
    }

    @Test(arguments: ["", "Accept-Encoding: identity\r\n", "Accept-Encoding: gzip;q=0\r\n"])
    func whoTakesNoGzipIsLeftToTheRouter(header: String) async throws {
        let connection = try await Connection()
        let request = "GET \(Self.path) HTTP/1.1\r\n\(header)\r\n"
        #expect(try connection.send(request) == (answer: "", passed: request))
    }

    @Test func onceADatasetIsPrivateItsTileIsNotAnswered() async throws {
        let store = MemoryStore()
        let connection = try await Connection(store)
        #expect(try !connection.send(Self.request).answer.isEmpty)
        // The list is loaded again for a new version, because a changed dataset may change the meaning of a path.
        store.change { state in
            state.datasets = [
                .changed { status in
                    status.dataset.visibility = .private
                    status.generation = 8
                }
            ]
        }
        store.generation.advance(to: 8)
        #expect(try connection.send(Self.request).answer.isEmpty)
    }

    @Test func anEmptyTileIs204() async throws {
        let store = MemoryStore { $0.tile = Tile(plain: ByteBuffer(), generation: 7) }
        let (answer, _) = try await Connection(store).send(Self.request)
        #expect(answer.hasPrefix("HTTP/1.1 204 No Content\r\n"))
        #expect(answer.hasSuffix("\r\n\r\n"))
        #expect(!answer.lowercased().contains("content-length"))
    }
}
