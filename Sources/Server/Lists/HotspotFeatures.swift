import Domain
import Formats
import H3

/// The top cells of a period, the highest score first.
struct HotspotFeatures: FeatureSource {
    static let shape = FeatureShape.cells
    static let properties = [
        FeatureProperty("h3_index", .text), FeatureProperty("rank", .integer), FeatureProperty("resolution", .integer),
        FeatureProperty("last_day", .day), FeatureProperty("last_score", .number),
        FeatureProperty("last_level", .text), FeatureProperty("max_score", .number),
        FeatureProperty("max_level", .text), FeatureProperty("total_events", .integer),
        FeatureProperty("days_active", .integer), FeatureProperty("days_flagged", .integer),
        FeatureProperty("growth_rate", .number), FeatureProperty("slope", .number),
    ]

    let hotspots: any HotspotRepository
    /// The query; `nil` when nothing is scored. Its cursor and limit belong to the page.
    let query: HotspotQuery?

    func page(
        after position: HotspotPosition?, limit: Int
    ) async throws -> FeaturePage<HotspotPosition> {
        guard var query else { return FeaturePage(rows: []) }
        query.after = position
        query.limit = limit
        return FeaturePage(rows: try await hotspots.hotspots(query).map { (Self.feature($0), $0.position) })
    }

    func text(_ position: HotspotPosition) -> String { position.text }

    private static func feature(_ hotspot: Hotspot) -> Feature {
        Feature(
            id: hotspot.cell.description, place: .cell(hotspot.cell),
            values: [
                .text(hotspot.cell.description), .integer(hotspot.rank), .integer(hotspot.resolution),
                .text(hotspot.lastDay.description), .number(hotspot.lastScore), .text(hotspot.lastLevel.rawValue),
                .number(hotspot.maxScore), .text(hotspot.maxLevel.rawValue), .integer(hotspot.totalEvents),
                .integer(hotspot.daysActive), .integer(hotspot.daysFlagged), .number(hotspot.growthRate),
                .number(hotspot.slope),
            ])
    }
}
