import NIOCore
import Testing

@testable import Tiles

@Suite struct TileCacheTests {
    private static func tile(_ text: String = "a tile", generation: Int64 = 1) -> Tile {
        Tile(plain: ByteBuffer(string: text), generation: generation)
    }

    @Test func aTileIsAnAnswerForItsVersionOnly() throws {
        let cache = TileCache(byteLimit: 1 << 20, timeToLive: .seconds(600))
        let key = try TileKey.example()
        cache.keep(Self.tile(generation: 4), key)
        #expect(cache.tile(key, generation: 4) == Self.tile(generation: 4))
        #expect(cache.tile(key, generation: 5) == nil)
        #expect(cache.tile(key, generation: 3) == nil)
        #expect(cache.tile(try .example(resolution: 9), generation: 4) == nil)
    }

    @Test func anOlderVersionDoesNotTakeThePlaceOfANewerOne() throws {
        let cache = TileCache(byteLimit: 1 << 20, timeToLive: .seconds(600))
        let key = try TileKey.example()
        cache.keep(Self.tile("new", generation: 5), key)
        cache.keep(Self.tile("old", generation: 4), key)
        #expect(cache.tile(key, generation: 5) == Self.tile("new", generation: 5))
    }

    @Test func afterItsTimeATileOnlyStandsIn() throws {
        let cache = TileCache(byteLimit: 1 << 20, timeToLive: .zero)
        let key = try TileKey.example()
        cache.keep(Self.tile(), key)
        #expect(cache.tile(key, generation: 1) == nil)
        let lastGood = try #require(cache.lastGood(key))
        #expect(lastGood.isStale)
        #expect(lastGood.gzip == Self.tile().gzip)
    }

    @Test func whatIsTooOldToStandInDoesNot() throws {
        let cache = TileCache(byteLimit: 1 << 20, timeToLive: .zero, staleAge: .zero)
        let key = try TileKey.example()
        cache.keep(Self.tile(), key)
        #expect(cache.lastGood(key) == nil)
    }

    @Test func theBytesAreBoundedWhateverComes() throws {
        let limit = 64 << 10
        let cache = TileCache(byteLimit: limit, timeToLive: .seconds(600))
        for x in 0..<500 {
            let noise = String((0..<1000).map { _ in Character(Unicode.Scalar(UInt8.random(in: 32..<127))) })
            cache.keep(Self.tile(noise), try .example(x: x))
            #expect(cache.load.bytes <= limit)
        }
        #expect(cache.load.tiles > 10)
        #expect(cache.load.evicted == 500 - cache.load.tiles)
    }

    @Test func aPartOfALargerBufferIsNotHeldOnTo() throws {
        let cache = TileCache(byteLimit: 1 << 20, timeToLive: .seconds(600))
        let key = try TileKey.example()
        var large = ByteBuffer(repeating: 0, count: 1 << 20)
        var tile = Self.tile()
        large.writeImmutableBuffer(tile.gzip)
        tile.gzip = large.getSlice(at: 1 << 20, length: tile.gzip.readableBytes)!
        cache.keep(tile, key)
        let kept = try #require(cache.tile(key, generation: 1))
        #expect(kept.gzip == tile.gzip)
        #expect(kept.gzip.storageCapacity < 4096)
    }

    @Test func aTileThatStandsInIsNotKeptAsAGoodOne() throws {
        let cache = TileCache(byteLimit: 1 << 20, timeToLive: .seconds(600))
        let key = try TileKey.example()
        var tile = Self.tile()
        tile.isStale = true
        cache.keep(tile, key)
        #expect(cache.lastGood(key) == nil)
    }

    @Test func aCacheOfNothingIsAllowed() throws {
        let cache = TileCache(byteLimit: 0, timeToLive: .seconds(600))
        cache.keep(Self.tile(), try .example())
        #expect(cache.load == (tiles: 0, bytes: 0, evicted: 0))
    }
}
