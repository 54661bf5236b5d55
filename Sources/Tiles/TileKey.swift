package import Risk
package import TileMath

/// Everything that decides the bytes of a tile but the generation of the view it is made from.
package struct TileKey: Hashable, Sendable {
    package var dataset: String
    package var day: LocalDay
    package var resolution: Int
    /// Empty means every level.
    package var levels: Set<RiskLevel>
    package var address: TileAddress

    package init(
        dataset: String, day: LocalDay, resolution: Int, levels: Set<RiskLevel> = [], address: TileAddress
    ) {
        self.dataset = dataset
        self.day = day
        self.resolution = resolution
        self.levels = levels
        self.address = address
    }
}
