import HTTPTypes
import Hummingbird

/// The two forms of a list.
enum ListFormat: String, CaseIterable {
    case json
    case geojson

    var mediaType: String {
        switch self {
        case .json: "application/json"
        case .geojson: "application/geo+json"
        }
    }

    /// What the parameter `f` says, else what `Accept` likes better, else JSON.
    init(_ parameters: inout QueryParameters, accept: String?) {
        if let format = parameters.parsed("f", "json or geojson", { Self(rawValue: $0) }) {
            self = format
            return
        }
        var best = (format: Self.json, quality: 0.0)
        for entry in QualityList.entries(accept ?? "") where entry.quality > best.quality {
            guard let format = Self.allCases.first(where: { $0.mediaType == entry.value }) else { continue }
            best = (format, entry.quality)
        }
        self = best.format
    }
}
