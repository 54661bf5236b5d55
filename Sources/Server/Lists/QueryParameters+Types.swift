import Domain
import H3
import Hummingbird
import Tiles
import Web

extension QueryParameters {
    /// The parameters of a request: those of its path, and those of its query that the route knows.
    init(_ request: Request, _ context: ClientContext, known: [String] = []) {
        self.init(request.uri.query, known: known, path: Array(context.parameters))
    }

    mutating func dataset() -> Slug? { parsed("dataset", Slug.form) { Slug($0) } }

    mutating func resolution() -> Int? {
        parsed("resolution", "an H3 resolution from 0 to 15") { Self.number($0, in: 0...15) }
    }

    /// Parses levels. The result is empty, which means every level, when none or all are named.
    mutating func levels() -> Set<RiskLevel> {
        let expected = "one or more of \(RiskLevel.allCases.map(\.rawValue).joined(separator: ", ")), with commas"
        let levels = parsed("level", expected) { text -> Set<RiskLevel>? in
            let names = text.split(separator: ",", omittingEmptySubsequences: false)
            let levels = names.compactMap { RiskLevel(rawValue: String($0)) }
            return levels.count == names.count ? Set(levels) : nil
        }
        guard let levels, levels.count < RiskLevel.allCases.count else { return [] }
        return levels
    }

    /// Parses the layers of a tile; the layer of scores without the parameter.
    /// - Parameter zoom: The zoom, where a single tile is requested.
    mutating func layers(zoom: Int?) -> TileLayers {
        let layers = parsed("layers", "risk, events, or both with a comma, or outlook alone") { text -> TileLayers? in
            let names = text.split(separator: ",", omittingEmptySubsequences: false)
            let known = names.compactMap { name in TileLayers.named.first { $0.name == name }?.layer }
            guard known.count == names.count else { return nil }
            let layers: TileLayers = known.reduce([]) { $0.union($1) }
            return layers.contains(.outlook) && layers != .outlook ? nil : layers
        }
        if let zoom, let layers, zoom < layers.firstZoom {
            reject("layers", "has events from zoom \(layers.firstZoom) on")
        }
        return layers ?? .risk
    }

    mutating func bounds() -> BoundingBox? {
        let expected = "west,south,east,north in degrees, with west above east for a box across the antimeridian"
        return parsed("bbox", expected) { BoundingBox($0) }
    }

    mutating func limit(default usual: Int) -> Int {
        parsed("limit", "a number from 1 to 1000") { Self.number($0, in: 1...1000) } ?? usual
    }

    /// Parses the limit of a list that is not divided into pages; `nil` for all features.
    mutating func limit(upTo most: Int) -> Int? {
        parsed("limit", "a number from 1 to \(most)") { Self.number($0, in: 1...most) }
    }

    /// Parses the cursor of a page.
    mutating func after<Cursor>(_ read: (String) -> Cursor?) -> Cursor? {
        parsed("after", "taken from the link to the next page", read)
    }

    mutating func cell(_ name: String) -> H3Cell? {
        parsed(name, "an H3 cell in lower-case hexadecimal, such as 882b9bc46dfffff") { text in
            // Only the canonical text of a cell is accepted, so that each cell has one URL.
            guard let cell = try? H3Cell(text), cell.description == text else { return nil }
            return cell
        }
    }

    /// Parses digits alone, without a sign or blanks.
    static func number(_ text: String, in range: ClosedRange<Int>) -> Int? {
        guard !text.isEmpty, text.utf8.count <= 10, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let number = Int(text), range.contains(number)
        else { return nil }
        return number
    }
}
