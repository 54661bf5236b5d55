import Domain
import TileMath

extension TileRequest {
    private static let open = "-"

    /// The request as one word. Different requests have different words.
    var text: String {
        // A slug contains no colon, so the parts are unambiguous.
        let first = day.map(\.description) ?? Self.open
        let days = lastDay.map { "\(first)..\($0)" } ?? first
        let levels = levels.isEmpty ? Self.open : levels.sorted().map(\.rawValue).joined(separator: "+")
        return "\(dataset):\(days):\(resolution.map(String.init) ?? Self.open):\(levels):\(address)"
    }

    /// Parses ``text``; `nil` for any other text.
    init?(text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 5, let dataset = Slug(parts[0]) else { return nil }
        let path = parts[4].split(separator: "/", omittingEmptySubsequences: false)
        guard path.count == 3, let address = try? TileAddress(pathZ: path[0], x: path[1], y: path[2]) else {
            return nil
        }
        self.init(dataset: dataset, address: address)
        if parts[1] != Self.open {
            let days = parts[1].split(separator: ".", omittingEmptySubsequences: true).map { LocalDay($0) }
            guard let first = days.first ?? nil, let last = days.last ?? nil, first <= last else { return nil }
            day = first
            if days.count > 1 { lastDay = last }
        }
        if parts[2] != Self.open {
            guard let number = Int(parts[2]) else { return nil }
            resolution = number
        }
        if parts[3] != Self.open {
            levels = Set(parts[3].split(separator: "+").compactMap { RiskLevel(rawValue: String($0)) })
        }
        if self.text != text { return nil }
    }
}
