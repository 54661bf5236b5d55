package import Domain
package import TileMath

/// Everything that determines the bytes of a tile, except the generation of the view it is made from.
package struct TileKey: Hashable, Sendable {
    /// How many cells a tile may have by default.
    package static let usualCellLimit = 5000

    package var dataset: Slug
    /// The day of the figures; for a tile of several days, the first one.
    package var day: LocalDay
    /// The last day of a tile with the scores of several days; `nil` for a tile of one day with all its figures.
    package var lastDay: LocalDay?
    package var resolution: Int
    /// The levels; empty for all.
    package var levels: Set<RiskLevel>
    package var layers: TileLayers
    /// The largest number of cells. If there are more, only those with the highest risk are in the tile.
    package var cellLimit: Int
    package var address: TileAddress
    /// The limit to what the reader may know of small counts. Readers with different limits never share a tile.
    package var disclosure: Disclosure

    package init(
        dataset: Slug, day: LocalDay, lastDay: LocalDay? = nil, resolution: Int, levels: Set<RiskLevel> = [],
        layers: TileLayers = .risk, cellLimit: Int = usualCellLimit, address: TileAddress,
        disclosure: Disclosure = .exact
    ) {
        self.dataset = dataset
        self.day = day
        self.lastDay = lastDay
        self.resolution = resolution
        self.levels = levels
        self.layers = layers
        self.cellLimit = cellLimit
        self.address = address
        self.disclosure = disclosure
    }
}
