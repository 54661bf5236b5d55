import H3
import TileMath
import Tiles

extension TileKey {
    /// Whether the tile could contain more cells than its limit if every cell were scored.
    ///
    /// If it could not, each cell is also large in the grid of the tile: 16 million square units divided among 100,000.
    var mayBeCrowded: Bool {
        guard let resolution = try? Resolution(resolution) else { return true }
        let area = H3Cell.averageHexagonAreaM2(at: resolution)
        let edge = H3Cell.averageHexagonEdgeLengthM(at: resolution)
        // A metre of the projected plane is cos(latitude) metres on the ground, which is most where the equator is
        // nearest.
        let bounds = address.bounds
        let nearest = bounds.south < 0 && bounds.north > 0 ? 0 : min(abs(bounds.south), abs(bounds.north))
        let side = address.side * WebMercator.groundScale(latitude: nearest)
        // Beyond the tile there is its margin, and the cells that reach into it. A cell is about two edges wide.
        let reached = side * 1.04 + 6 * edge
        return reached * reached / (Self.smallestShare * area) > Double(cellLimit)
    }

    /// The smallest hexagons have slightly more than half of the mean area (uber/h3, "Table of cell statistics").
    private static let smallestShare = 0.55
}
