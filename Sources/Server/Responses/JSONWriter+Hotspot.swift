import H3
import Risk

extension JSONWriter {
    mutating func fields(of hotspot: Hotspot) {
        field("h3_index", hotspot.cell.description)
        field("rank", hotspot.rank)
        field("resolution", hotspot.resolution)
        field("last_day", hotspot.lastDay.description)
        field("last_score", hotspot.lastScore)
        field("last_level", hotspot.lastLevel.rawValue)
        field("max_score", hotspot.maxScore)
        field("max_level", hotspot.maxLevel.rawValue)
        field("total_events", hotspot.totalEvents)
        field("days_active", hotspot.daysActive)
        field("days_flagged", hotspot.daysFlagged)
        field("growth_rate", hotspot.growthRate)
        field("slope", hotspot.slope)
    }
}
