import Testing

@testable import PMTiles

@Suite struct PMTilesDirectoryTests {
    /// Three entries, written by hand: ids 5, 7 (7 to 9 are one tile) and 300, whose tile is right after that of 7.
    private static let three: [UInt8] = [
        3, 5, 2, 0xa5, 0x02,  // three entries; 5, 5 + 2, 7 + 293
        1, 3, 1,  // run lengths
        10, 20, 0x80, 0x01,  // lengths: 10, 20, 128
        101, 1, 0,  // offsets and one: 100, 0, after the entry before
    ]

    @Test(arguments: [
        (4, nil), (5, 100..<110), (6, nil), (7, 0..<20), (9, 0..<20), (10, nil), (299, nil), (300, 20..<148),
        (301, nil), (UInt64.max, nil),
    ])
    func anIDLeadsToTheTileWhoseRunContainsIt(id: UInt64, bytes: Range<UInt64>?) throws {
        #expect(try PMTilesDirectory(Self.three).target(id) == bytes.map { .tile($0) })
    }

    @Test func anEntryWithoutARunIsADirectoryForEverythingUpToTheNext() throws {
        let directory = try PMTilesDirectory([2, 5, 10, 0, 1, 8, 9, 1, 0])
        #expect(directory.target(4) == nil)
        #expect(directory.target(5) == .leaf(0..<8))
        #expect(directory.target(14) == .leaf(0..<8))
        #expect(directory.target(15) == .tile(8..<17))
        #expect(directory.target(16) == nil)
    }

    @Test(
        arguments: [
            ([], "cut short"), ([0], "0 entries"), ([0xff], "cut short"),
            ([0xff, 0xff, 0xff, 0xff, 0x7f, 1, 1, 1, 1], "entries in 9 bytes"),
            ([2, 5, 0, 1, 1, 1, 1, 1, 0], "do not ascend"), ([1, 5, 1, 0, 1], "no bytes"),
            ([1, 5, 1, 1, 0], "no offset"),
            ([1, 0x80, 0x80, 0x80, 0x80], "cut short"),
            ([1, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x02, 1, 1, 1], "more than 64 bits"),
            // The id of the second entry, and the end of the first one, do not fit in 64 bits.
            ([2, 5] + largest + [1, 1, 1, 1, 1, 0], "do not ascend"), ([1, 5, 1, 9] + largest, "beyond 64 bits"),
        ] as [([UInt8], String)])
    func bytesThatAreNoDirectoryAreRefused(bytes: [UInt8], words: String) {
        #expect {
            try PMTilesDirectory(bytes)
        } throws: {
            "\($0)".contains(words)
        }
    }

    /// The largest number of 64 bits.
    private static let largest = [UInt8](repeating: 0xff, count: 9) + [1]
}
