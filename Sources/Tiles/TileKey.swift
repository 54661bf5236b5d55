package import Domain
package import TileMath

/// Everything that determines the bytes of a tile, except the version of what it shows.
package struct TileKey: Hashable, Sendable {
    /// How many cells a tile may have by default.
    package static let usualCellLimit = 5000

    package var dataset: Slug
    /// The day of the figures; for a tile of several days, the first one; for one of an outlook, the last it knows.
    package var day: LocalDay
    /// The last day of a tile with the scores of several days; `nil` for a tile of one day with all its figures.
    package var lastDay: LocalDay?
    package var resolution: Int
    /// The levels; empty for all.
    package var levels: Set<RiskLevel>
    package var layers: TileLayers
    /// The outlook that is shown, by a tile with that layer; `nil` for others.
    package var outlook: OutlookLayer?
    /// The largest number of cells. If there are more, only those with the highest risk are in the tile.
    package var cellLimit: Int
    package var address: TileAddress
    /// The areas of a tile that has areas instead of other layers.
    package var areas: AreaTileKey?
    /// The limit to what the reader may know of small counts. Readers with different limits never share a tile.
    package var disclosure: Disclosure

    package init(
        dataset: Slug, day: LocalDay, lastDay: LocalDay? = nil, resolution: Int, levels: Set<RiskLevel> = [],
        layers: TileLayers = .risk, outlook: OutlookLayer? = nil, cellLimit: Int = usualCellLimit, address: TileAddress,
        areas: AreaTileKey? = nil, disclosure: Disclosure = .exact
    ) {
        self.dataset = dataset
        self.day = day
        self.lastDay = lastDay
        self.resolution = resolution
        self.levels = levels
        self.layers = layers
        self.outlook = outlook
        self.cellLimit = cellLimit
        self.address = address
        self.areas = areas
        self.disclosure = disclosure
    }
}

/// The part of an outlook that a tile shows.
package struct OutlookLayer: Hashable, Sendable {
    package var kind: EventKind
    package var period: OutlookPeriod
    /// The classes; empty for all.
    package var classes: Set<HotSpotClass>

    package init(kind: EventKind = .all, period: OutlookPeriod = .usual, classes: Set<HotSpotClass> = []) {
        self.kind = kind
        self.period = period
        self.classes = classes
    }
}
