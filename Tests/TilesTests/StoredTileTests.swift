import CZlib
import NIOCore
import Testing

@testable import Tiles

@Suite struct StoredTileTests {
    private let tile = Tile(plain: ByteBuffer(string: String(repeating: "cells ", count: 100)), generation: 4)
    private let name = "hextant:tile:x"

    private func decode(_ stored: ByteBuffer) -> Tile? { StoredTile.decode(stored, name: name, generation: 4) }

    @Test func whatIsStoredIsReadBack() throws {
        #expect(decode(StoredTile.encode(tile, name: name)) == tile)
        #expect(try tile.plain() == ByteBuffer(string: String(repeating: "cells ", count: 100)))
    }

    @Test func anEmptyTileIsStoredToo() throws {
        let empty = Tile(plain: ByteBuffer(), generation: 4)
        #expect(empty.isEmpty)
        #expect(decode(StoredTile.encode(empty, name: name)) == empty)
        #expect(try empty.plain().readableBytes == 0)
    }

    @Test func everyCutIsNoticed() {
        let stored = StoredTile.encode(tile, name: name)
        for length in 0..<stored.readableBytes {
            #expect(decode(stored.getSlice(at: 0, length: length)!) == nil)
        }
        #expect(decode(ByteBuffer(bytes: Array(stored.readableBytesView) + [0])) == nil)
    }

    @Test func everyFlippedBitIsNoticed() {
        let stored = StoredTile.encode(tile, name: name)
        for index in 0..<stored.readableBytes {
            for bit in 0..<8 {
                var flipped = stored
                flipped.setInteger(stored.getInteger(at: index, as: UInt8.self)! ^ (1 << bit), at: index)
                #expect(decode(flipped) == nil)
            }
        }
    }

    @Test func theValueOfAnotherNameIsNotRead() {
        for other in ["hextant:tile:y", "hextant:tile:", "hextant:tile:xx", ""] {
            #expect(decode(StoredTile.encode(tile, name: other)) == nil)
        }
    }

    @Test func anotherVersionIsNotRead() {
        var stored = StoredTile.encode(tile, name: name)
        for version in [UInt8(0), 1, 3, 255] {
            stored.setInteger(version, at: 0)
            #expect(decode(stored) == nil)
        }
    }

    /// Compared with another implementation of CRC-32.
    @Test func theCheckIsThatOfZlib() {
        let stored = Array(StoredTile.encode(tile, name: name).readableBytesView)
        let checked = Array(name.utf8) + stored[5...]
        let check = UInt32(crc32(0, checked, UInt32(checked.count)))
        #expect(stored[1..<5].reduce(0) { $0 << 8 | UInt32($1) } == check)
    }
}
