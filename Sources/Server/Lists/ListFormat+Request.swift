import Formats
import Web

extension ListFormat {
    /// The format from the parameter `f`, otherwise the preferred one of `Accept`, otherwise the usual one.
    init(_ parameters: inout QueryParameters, accept: String?, among formats: [Self] = allCases, usual: Self = .json) {
        let names = formats.map(\.rawValue)
        let expected = "\(names.dropLast().joined(separator: ", ")) or \(names.last ?? "")"
        let named = parameters.parsed("f", expected) { text in formats.first { $0.rawValue == text } }
        if let named {
            self = named
            return
        }
        var best = (format: usual, quality: 0.0)
        for entry in QualityList.entries(accept ?? "") where entry.quality > best.quality {
            guard let format = formats.first(where: { $0.mediaType == entry.value }) else { continue }
            // GeoJSON is JSON too: a client such as GDAL that asks for JSON gets features.
            best = (format == .json ? usual : format, entry.quality)
        }
        self = best.format
    }
}
