package import Risk
package import TileMath

/// What the address of a tile says, and open what it leaves to the server: the same question before and after a refresh.
package struct TileRequest: Hashable, Sendable {
    package var dataset: String
    /// `nil`: the last scored day, whichever that is by then.
    package var day: LocalDay?
    /// The last day of a tile of several days, which has a first one too.
    package var lastDay: LocalDay?
    /// `nil`: the one that suits the zoom.
    package var resolution: Int?
    /// Empty means every level.
    package var levels: Set<RiskLevel>
    package var address: TileAddress

    package init(
        dataset: String, day: LocalDay? = nil, lastDay: LocalDay? = nil, resolution: Int? = nil,
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
