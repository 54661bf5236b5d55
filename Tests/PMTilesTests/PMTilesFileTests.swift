import Compression
import Foundation
import NIOCore
import Testing

@testable import PMTiles

@Suite struct PMTilesFileTests {
    /// A file with one tile "zero" at zoom 0, and "one" at 1/0/0 and 1/0/1 behind a leaf directory.
    struct Archive {
        var isPacked = false
        var magic = Array("PMTiles".utf8) + [3]
        var tileKind: UInt8 = 1
        var zooms: [UInt8] = [0, 1]
        /// The entries of the leaf, as a directory.
        var leaf: [UInt8] = [1, 1, 2, 3, 5]
        /// How many bytes are missing at the end.
        var missing = 0
        var metadata = #"{"name":"A"}"#

        var bytes: [UInt8] {
            func part(_ bytes: [UInt8]) -> [UInt8] {
                isPacked ? Array(Gzip.compress(bytes).readableBytesView) : bytes
            }
            let leaf = part(leaf)
            // The tile of id 0 is at 0 and has 4 bytes; ids from 1 on are in the leaf.
            let root = part([2, 0, 1, 1, 0, 4, UInt8(leaf.count), 1, 1])
            let parts = [root, part(Array(metadata.utf8)), leaf, Array("zeroone".utf8)]
            func number(_ value: Int) -> [UInt8] { (0..<8).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
            var header = magic
            var offset = 127
            for part in parts {
                header += number(offset) + number(part.count)
                offset += part.count
            }
            header += number(3) + number(2) + number(2) + [1, isPacked ? 2 : 1, 1, tileKind] + zooms
            // West, south, east and north in ten millionths of a degree, then the centre.
            for degrees in [-180, -85, 180, 85] { header += number(degrees * 10_000_000).prefix(4) }
            header += [1] + number(100_000_000).prefix(4) + number(-500_000_000).prefix(4)
            return Array((header + parts.joined()).dropLast(missing))
        }
    }

    private func withFile(_ archive: Archive, _ body: (String) async throws -> Void) async throws {
        let url = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).pmtiles")
        try Data(archive.bytes).write(to: url)
        defer { try? FileManager.default.removeItem(at: url) }
        try await body(url.path)
    }

    @Test(arguments: [false, true]) func tilesAreFoundInTheRootAndBehindALeaf(isPacked: Bool) async throws {
        try await withFile(Archive(isPacked: isPacked)) { path in
            let file = try PMTilesFile(path: path)
            #expect(file.header.zooms == 0...1)
            #expect(file.header.kind == .vector)
            #expect(file.header.bounds == [-180, -85, 180, 85])
            #expect(file.header.center == [10, -50, 1])
            #expect(String(decoding: file.metadata, as: UTF8.self) == #"{"name":"A"}"#)
            func tile(_ z: Int, _ x: Int, _ y: Int) async throws -> String? {
                try await file.tile(z: z, x: x, y: y).map { String(buffer: $0) }
            }
            #expect(try await tile(0, 0, 0) == "zero")
            for _ in 0..<2 {
                #expect(try await tile(1, 0, 0) == "one")
                #expect(try await tile(1, 0, 1) == "one")
            }
            #expect(try await tile(1, 1, 1) == nil)
            #expect(try await tile(2, 0, 0) == nil)
        }
    }

    @Test func aFileThatIsReplacedHasAnotherVersionAndIsServedToTheEnd() async throws {
        try await withFile(Archive()) { path in
            let file = try PMTilesFile(path: path)
            try Data(Archive(zooms: [0, 2]).bytes).write(to: URL(filePath: path), options: .atomic)
            #expect(try PMTilesFile(path: path).version != file.version)
            #expect(try await file.tile(z: 0, x: 0, y: 0) == ByteBuffer(string: "zero"))
        }
    }

    @Test(arguments: [
        (Archive(magic: Array("PMTiles".utf8) + [2]), "version 2"),
        (Archive(magic: Array("SQLite 3".utf8)), "no PMTiles"),
        (Archive(missing: 1), "incomplete"), (Archive(missing: 60), "no PMTiles"), (Archive(tileKind: 9), "type 9"),
        (Archive(zooms: [3, 2]), "zooms"),
    ])
    func whatIsNoSuchFileIsRefused(archive: Archive, words: String) async throws {
        try await withFile(archive) { path in
            #expect {
                try PMTilesFile(path: path)
            } throws: {
                "\($0)".contains(words)
            }
        }
        #expect(throws: PMTilesFault.self) { try PMTilesFile(path: "/no/such/file") }
        #expect(throws: PMTilesFault.self) { try PMTilesFile(path: "/tmp") }
    }

    @Test(
        arguments: [
            // A tile behind the end of the tiles, a directory that is none, and one that leads to itself for ever.
            ([1, 1, 2, 9, 5], "after its part"), ([1, 1, 2], "a directory of it"),
            ([1, 1, 0, 5, 1], "more than 4 directories"),
        ] as [([UInt8], String)])
    func aTileWhoseWayIsBrokenIsAFaultAndNoCrash(leaf: [UInt8], words: String) async throws {
        try await withFile(Archive(leaf: leaf)) { path in
            let file = try PMTilesFile(path: path)
            #expect(try await file.tile(z: 0, x: 0, y: 0) != nil)
            await #expect {
                try await file.tile(z: 1, x: 0, y: 0)
            } throws: {
                "\($0)".contains(words)
            }
        }
    }

    @Test func aFileThatBecomesShorterIsAFaultAndNoCrash() async throws {
        try await withFile(Archive()) { path in
            let file = try PMTilesFile(path: path)
            #expect(truncate(path, 127) == 0)
            await #expect(throws: PMTilesFault.self) { _ = try await file.tile(z: 0, x: 0, y: 0) }
        }
    }
}
