/// A directory of a PMTiles file: which bytes are the tile, or the further directory, of an id.
///
/// Specification: PMTiles version 3, section 4. Columns of varints stand one after the other: the number of entries,
/// the differences of the ids, run lengths, lengths, and offsets plus one, where 0 means right after the entry before.
package struct PMTilesDirectory: Hashable, Sendable {
    /// The place that an id leads to: bytes from the beginning of the tiles, or of the leaf directories.
    package enum Target: Hashable, Sendable {
        case tile(Range<UInt64>)
        case leaf(Range<UInt64>)
    }

    /// The least size of an entry: each column has at least one byte of it.
    private static let leastEntry = 4

    /// The first id of each entry, ascending.
    private let ids: [UInt64]
    /// The number of ids that share an entry's tile; 0 for a leaf directory.
    private let runs: [UInt64]
    private let offsets: [UInt64]
    private let lengths: [UInt64]

    package var count: Int { ids.count }

    /// The memory that it takes, in bytes.
    package var cost: Int { 32 * ids.count }

    /// - Parameter bytes: The directory, not compressed. What follows its last entry is not looked at.
    /// - Throws: ``PMTilesFault`` for bytes that are no directory: cut short, with numbers of more than 64 bits, ids
    ///   that do not ascend, entries without bytes.
    package init(_ bytes: [UInt8]) throws(PMTilesFault) {
        var reader = VarintReader(bytes)
        let count = try reader.next()
        // Checked before anything of that size is made.
        guard count > 0, count <= UInt64(bytes.count / Self.leastEntry) else {
            throw PMTilesFault("a directory of it says that it has \(count) entries in \(bytes.count) bytes")
        }
        var columns: [[UInt64]] = []
        for _ in 0..<4 {
            var column: [UInt64] = []
            column.reserveCapacity(Int(count))
            for _ in 0..<count { column.append(try reader.next()) }
            columns.append(column)
        }
        var (ids, offsets) = (columns[0], columns[3])
        for index in ids.indices {
            if index > 0 {
                let (id, overflow) = ids[index - 1].addingReportingOverflow(ids[index])
                guard !overflow, ids[index] > 0 else {
                    throw PMTilesFault("the ids of a directory of it do not ascend")
                }
                ids[index] = id
            }
            guard columns[2][index] > 0 else { throw PMTilesFault("an entry of a directory of it has no bytes") }
            if offsets[index] == 0 {
                guard index > 0 else { throw PMTilesFault("the first entry of a directory of it has no offset") }
                offsets[index] = offsets[index - 1] + columns[2][index - 1]
            } else {
                offsets[index] -= 1
            }
            guard !offsets[index].addingReportingOverflow(columns[2][index]).overflow else {
                throw PMTilesFault("an entry of a directory of it ends beyond 64 bits")
            }
        }
        self.ids = ids
        self.offsets = offsets
        runs = columns[1]
        lengths = columns[2]
    }

    /// The place that the id of a tile leads to; `nil` where there is no tile.
    package func target(_ id: UInt64) -> Target? {
        // The last entry that begins at the id or before it.
        var (low, high) = (0, ids.count)
        while low < high {
            let middle = (low + high) / 2
            if ids[middle] <= id { low = middle + 1 } else { high = middle }
        }
        guard low > 0 else { return nil }
        let index = low - 1
        let bytes = offsets[index]..<offsets[index] + lengths[index]
        if runs[index] == 0 { return .leaf(bytes) }
        return id - ids[index] < runs[index] ? .tile(bytes) : nil
    }
}

/// Reads numbers of seven bits a byte, the lowest first; a byte with its highest bit is followed by another.
private struct VarintReader {
    private let bytes: [UInt8]
    private var place = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func next() throws(PMTilesFault) -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while place < bytes.count {
            let byte = bytes[place]
            place += 1
            // The tenth byte has room for one bit.
            guard shift < 63 || (shift == 63 && byte <= 1) else {
                throw PMTilesFault("a directory of it has a number of more than 64 bits")
            }
            value |= UInt64(byte & 0x7f) << shift
            if byte & 0x80 == 0 { return value }
            shift += 7
        }
        throw PMTilesFault("a directory of it is cut short")
    }
}
