/// How a cell has been a hot or cold spot over the steps of a window: the patterns of emerging hot spot analysis.
///
/// They are those published by Esri for its tool of that name; `docs/outlook.md` has each definition in full. The raw
/// values are the names in databases, tiles and answers, and the order is that of `outlooks.classes`.
package enum HotSpotClass: String, Sendable, CaseIterable, Codable {
    case none
    case newHot = "new_hot"
    case consecutiveHot = "consecutive_hot"
    case intensifyingHot = "intensifying_hot"
    case persistentHot = "persistent_hot"
    case diminishingHot = "diminishing_hot"
    case sporadicHot = "sporadic_hot"
    case oscillatingHot = "oscillating_hot"
    case historicalHot = "historical_hot"
    case newCold = "new_cold"
    case consecutiveCold = "consecutive_cold"
    case intensifyingCold = "intensifying_cold"
    case persistentCold = "persistent_cold"
    case diminishingCold = "diminishing_cold"
    case sporadicCold = "sporadic_cold"
    case oscillatingCold = "oscillating_cold"
    case historicalCold = "historical_cold"

    package var isHot: Bool { rawValue.hasSuffix("_hot") }
    package var isCold: Bool { rawValue.hasSuffix("_cold") }

    /// The classes by how soon somebody should look: where it is getting worse first, then where it is bad, then where
    /// it was; cold spots last, and none at the end.
    package static let byUrgency: [HotSpotClass] = [
        .newHot, .intensifyingHot, .consecutiveHot, .persistentHot, .sporadicHot, .oscillatingHot, .diminishingHot,
        .historicalHot, .newCold, .intensifyingCold, .consecutiveCold, .persistentCold, .sporadicCold,
        .oscillatingCold, .diminishingCold, .historicalCold, .none,
    ]
}
