import Postgres
import Tiles

/// A row of a statement that encodes a layer of a tile: the generation of the view that was read, the bytes and, where
/// the statement counts, whether something was left out.
struct EncodedLayer {
    private let row: PostgresRow
    let generation: Int64
    let isCut: Bool

    init(_ row: PostgresRow) throws(PostgresError) {
        self.row = row
        generation = try row.get(0)
        isCut = row.count > 2 ? try row.get(2) : false
    }

    var bytes: [UInt8] { row.withBytes(1) { $0.map(Array.init) ?? [] } }

    /// A tile of this layer alone.
    var tile: Tile { row.withBytes(1) { Tile(plain: $0 ?? .init(start: nil, count: 0), generation: generation) } }
}
