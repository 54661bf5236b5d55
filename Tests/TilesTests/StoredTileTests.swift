import NIOCore
import Testing

@testable import Tiles

@Suite struct StoredTileTests {
    private let tile = Tile(plain: ByteBuffer(string: String(repeating: "cells ", count: 100)), generation: 4)

    @Test func whatIsStoredIsReadBack() throws {
        #expect(StoredTile.decode(StoredTile.encode(tile), generation: 4) == tile)
        #expect(try tile.plain() == ByteBuffer(string: String(repeating: "cells ", count: 100)))
    }

    @Test func anEmptyTileIsStoredToo() throws {
        let empty = Tile(plain: ByteBuffer(), generation: 4)
        #expect(empty.isEmpty)
        #expect(StoredTile.decode(StoredTile.encode(empty), generation: 4) == empty)
        #expect(try empty.plain().readableBytes == 0)
    }

    @Test func everyCutIsNoticed() {
        let stored = StoredTile.encode(tile)
        for length in 0..<stored.readableBytes {
            #expect(StoredTile.decode(stored.getSlice(at: 0, length: length)!, generation: 4) == nil)
        }
    }

    @Test func anotherVersionIsNotRead() {
        var stored = StoredTile.encode(tile)
        stored.setInteger(UInt8(2), at: 0)
        #expect(StoredTile.decode(stored, generation: 4) == nil)
    }
}
