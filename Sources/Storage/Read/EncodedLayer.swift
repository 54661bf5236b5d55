import Postgres
import Tiles

/// A row of a statement that encodes a layer of a tile: the generation of the view that was read, the bytes and, where
/// the statement counts, whether something was left out.
struct EncodedLayer {
    let generation: Int64
    let isCut: Bool
    private let row: PostgresRow
    /// The position of the column with the bytes, which are copied only once.
    private let column: Int

    init(_ row: PostgresRow) throws(PostgresError) {
        var fields = row.fields
        generation = try fields.next("generation")
        column = try fields.pass("layer")
        isCut = fields.isAtEnd ? false : try fields.next("is_cut")
        self.row = row
    }

    var bytes: [UInt8] { row.withBytes(column) { $0.map(Array.init) ?? [] } }

    /// A tile of this layer alone.
    var tile: Tile { row.withBytes(column) { Tile(plain: $0 ?? .init(start: nil, count: 0), generation: generation) } }
}
