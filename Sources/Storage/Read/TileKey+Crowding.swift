import H3
import Risk
import TileMath
import Tiles

extension TileKey {
    /// Whether there is room for more cells in the tile than it may have, were every one scored.
    ///
    /// Where there is not, a cell is large in the grid of the tile too: 16 million square units divided among 100,000.
    var mayBeCrowded: Bool {
        guard let resolution = try? Resolution(resolution) else { return true }
        let area = H3Cell.averageHexagonAreaM2(at: resolution)
        let edge = H3Cell.averageHexagonEdgeLengthM(at: resolution)
        // A metre of the projected plane is cos(latitude) metres on the ground, most where the equator is nearest.
        let bounds = address.bounds
        let nearest = bounds.south < 0 && bounds.north > 0 ? 0 : min(abs(bounds.south), abs(bounds.north))
        let side = address.side * WebMercator.groundScale(latitude: nearest)
        // Beyond the tile there are its margin and the cells that reach into it: a cell is some two edges wide.
        let reached = side * 1.04 + 6 * edge
        return reached * reached / (Self.smallestShare * area) > Double(cellLimit)
    }

    /// The smallest hexagons have somewhat more than half of the mean area (uber/h3, "Table of cell statistics").
    private static let smallestShare = 0.55
}
