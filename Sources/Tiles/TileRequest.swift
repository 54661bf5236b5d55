package import Domain
package import TileMath

/// The content of a tile's URL, leaving open what the URL leaves open. It means the same before and after a refresh.
package struct TileRequest: Hashable, Sendable {
    package var dataset: Slug
    /// The day; `nil` for the last scored day at the time of the answer.
    package var day: LocalDay?
    /// The last day of a tile of several days, which has a first one too.
    package var lastDay: LocalDay?
    /// The resolution; `nil` for the one that suits the zoom.
    package var resolution: Int?
    /// The levels; empty for all.
    package var levels: Set<RiskLevel>
    package var address: TileAddress

    package init(
        dataset: Slug, day: LocalDay? = nil, lastDay: LocalDay? = nil, resolution: Int? = nil,
        levels: Set<RiskLevel> = [], address: TileAddress
    ) {
        self.dataset = dataset
        self.day = day
        self.lastDay = lastDay
        self.resolution = resolution
        self.levels = levels
        self.address = address
    }
}
