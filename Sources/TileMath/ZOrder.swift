#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The Z-order curve (Morton order) over the Web Mercator plane, which every tile of every zoom is a piece of.
///
/// Cells have their number on it from `cell_z_order` in PostgreSQL (migration 0041), so the cells near a tile are a few
/// ranges of numbers, which a B-tree finds.
package enum ZOrder {
    /// Zoom level of the numbers: each is that of a square of this many halvings of the world.
    package static let zoom = 28

    /// The number of cells that reach further than ``reach(ofCellsAt:upTo:)`` says, such as those on the antimeridian.
    /// They may touch any tile.
    package static let farReaching = -1

    /// The most squares of a side into which the surroundings of a tile are divided.
    private static let mostSquares = 17

    /// The most ranges of a tile, besides that of far-reaching cells. Looking up one more takes as long as reading some
    /// cells beside the tile.
    private static let mostRanges = 16

    /// The number of a square: the bits of its column and of its row, alternately.
    ///
    /// - Parameters:
    ///   - column: Column of the square, counted from the west, below 2^28.
    ///   - row: Row of the square, counted from the north, below 2^28.
    package static func number(column: Int, row: Int) -> Int { spread(column) | spread(row) << 1 }

    /// A number with a zero before each of the bits of `value`.
    private static func spread(_ value: Int) -> Int {
        var bits = value & 0xFFF_FFFF
        bits = (bits | bits << 16) & 0x0000_FFFF_0000_FFFF
        bits = (bits | bits << 8) & 0x00FF_00FF_00FF_00FF
        bits = (bits | bits << 4) & 0x0F0F_0F0F_0F0F_0F0F
        bits = (bits | bits << 2) & 0x3333_3333_3333_3333
        return (bits | bits << 1) & 0x5555_5555_5555_5555
    }

    /// The furthest that a cell reaches from the middle of its box, in metres of the plane. Few cells of the two
    /// coarsest resolutions reach further, and those on the antimeridian or at a pole.
    ///
    /// - Parameters:
    ///   - resolution: Resolution of the cell, 0...15. Its edge is about 1281 km / sqrt(7)^resolution long.
    ///   - y: Greatest distance of the cell from the equator, in metres of the plane, where lengths are
    ///     cosh(y / radius) times those on the ground.
    private static func reach(ofCellsAt resolution: Int, upTo y: Double) -> Double {
        1.12 * 1_281_256 / pow(7, Double(resolution) / 2) * cosh(min(y, WebMercator.extent) / WebMercator.radius)
    }

    /// The furthest that cells which touch a tile reach from the middle of their boxes, in metres of the plane, except
    /// far-reaching ones.
    ///
    /// - Parameters:
    ///   - resolution: Resolution of the cells, 0...15.
    ///   - tile: The tile.
    ///   - margin: Width of a frame around the tile that counts as the tile, as a part of the tile's side.
    private static func reach(ofCellsAt resolution: Int, on tile: TileAddress, margin: Double) -> Double {
        let box = tile.mercatorBounds
        let farthest = max(abs(box.minY), abs(box.maxY)) + margin * (box.maxX - box.minX)
        // A cell on the tile is at most twice its own reach further from the equator than the tile. Any bound of the
        // reach gives a closer one in this way.
        var reach = reach(ofCellsAt: resolution, upTo: WebMercator.extent)
        for _ in 0..<3 { reach = Self.reach(ofCellsAt: resolution, upTo: farthest + 2 * reach) }
        return reach
    }

    /// The numbers that cells on a tile may have.
    ///
    /// - Parameters:
    ///   - tile: The tile.
    ///   - resolution: Resolution of the cells, 0...15.
    ///   - margin: Width of the frame around the tile that is drawn, too, as a part of the tile's side.
    /// - Returns: Ranges in ascending order. Cells beside the tile may have numbers in them, too.
    package static func ranges(
        on tile: TileAddress, ofCellsAt resolution: Int, margin: Double
    ) -> [ClosedRange<Int>] {
        let box = tile.mercatorBounds
        let frame = margin * (box.maxX - box.minX)
        let reach = reach(ofCellsAt: resolution, on: tile, margin: margin)
        let world = 2 * WebMercator.extent
        let surroundings = box.maxX - box.minX + 2 * (frame + reach)
        let level = min(max(Int(log2(Double(mostSquares - 1) * world / surroundings)), 0), zoom)
        let squares = Double(1 << level)
        func square(_ metres: Double) -> Int { min(max(Int(metres / world * squares), 0), (1 << level) - 1) }
        let (west, north) = (box.minX - frame - reach, box.maxY + frame + reach)
        let columns = square(west + WebMercator.extent)...square(west + surroundings + WebMercator.extent)
        let rows = square(WebMercator.extent - north)...square(WebMercator.extent - north + surroundings)
        let squaresAround = Squares(columns: columns, rows: rows)
        var ranges: [ClosedRange<Int>] = []
        ranges.reserveCapacity(64)
        squaresAround.append(to: &ranges, column: 0, row: 0, bits: level)
        let shift = 2 * (zoom - level)
        return [farReaching...farReaching]
            + joined(ranges).map { $0.lowerBound << shift...($0.upperBound + 1) << shift - 1 }
    }

    /// A rectangle of squares of one zoom.
    private struct Squares {
        let columns: ClosedRange<Int>
        let rows: ClosedRange<Int>

        /// Appends the numbers of those that lie in the square of 2^bits squares a side from `column` and `row` on, in
        /// ascending order; ranges that follow one another become one.
        func append(to ranges: inout [ClosedRange<Int>], column: Int, row: Int, bits: Int) {
            let side = 1 << bits
            guard column <= columns.upperBound, column + side > columns.lowerBound, row <= rows.upperBound,
                row + side > rows.lowerBound
            else { return }
            let isInside =
                column >= columns.lowerBound && column + side - 1 <= columns.upperBound
                && row >= rows.lowerBound && row + side - 1 <= rows.upperBound
            guard isInside || bits == 0 else {
                let half = side / 2
                append(to: &ranges, column: column, row: row, bits: bits - 1)
                append(to: &ranges, column: column + half, row: row, bits: bits - 1)
                append(to: &ranges, column: column, row: row + half, bits: bits - 1)
                return append(to: &ranges, column: column + half, row: row + half, bits: bits - 1)
            }
            let first = number(column: column, row: row)
            let last = first + side * side - 1
            if let before = ranges.last, before.upperBound + 1 == first {
                ranges[ranges.count - 1] = before.lowerBound...last
            } else {
                ranges.append(first...last)
            }
        }
    }

    /// The ranges with the narrowest gaps between them joined, at most ``mostRanges``.
    private static func joined(_ ranges: [ClosedRange<Int>]) -> [ClosedRange<Int>] {
        guard ranges.count > mostRanges else { return ranges }
        let gaps = zip(ranges, ranges.dropFirst()).map { $1.lowerBound - $0.upperBound }
        let widest = gaps.sorted(by: >).prefix(mostRanges - 1)
        let narrowest = widest.last ?? 0
        // How many of the gaps that are as wide as the narrowest are kept.
        var rest = widest.count { $0 == narrowest }
        var joined = [ranges[0]]
        for (gap, range) in zip(gaps, ranges.dropFirst()) {
            let isKept = gap > narrowest || gap == narrowest && rest > 0
            if gap == narrowest, isKept { rest -= 1 }
            if isKept {
                joined.append(range)
            } else {
                joined[joined.count - 1] = joined[joined.count - 1].lowerBound...range.upperBound
            }
        }
        return joined
    }
}
