package import H3

/// The served rows of one day.
package protocol RiskRepository: Sendable {
    /// At most `query.limit` rows in ascending order of the cell's index, after `query.after`.
    func rows(_ query: RiskQuery) async throws -> [RiskRow]
}

package struct RiskQuery: Hashable, Sendable {
    package var dataset: String
    package var day: LocalDay
    package var resolution: Int
    /// Empty means every level.
    package var levels: Set<RiskLevel>
    package var bounds: BoundingBox?
    /// Only this cell.
    package var cell: H3Cell?
    /// Keyset: only cells with a greater index.
    package var after: H3Cell?
    package var limit: Int

    package init(
        dataset: String, day: LocalDay, resolution: Int, levels: Set<RiskLevel> = [], bounds: BoundingBox? = nil,
        cell: H3Cell? = nil, after: H3Cell? = nil, limit: Int
    ) {
        self.dataset = dataset
        self.day = day
        self.resolution = resolution
        self.levels = levels
        self.bounds = bounds
        self.cell = cell
        self.after = after
        self.limit = limit
    }
}
