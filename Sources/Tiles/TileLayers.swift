/// The layers that a tile has, beside the one that tells that it was cut.
package struct TileLayers: OptionSet, Hashable, Sendable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) { self.rawValue = rawValue }

    /// The cells with their figures, or with their scores of several days.
    package static let risk = Self(rawValue: 1)
    /// The events as points: not for everybody.
    package static let events = Self(rawValue: 2)

    /// Every layer by its name in the tile.
    package static let named: [(name: String, layer: Self)] = [("risk", .risk), ("events", .events)]

    /// The zoom from which on there are tiles with them: farther out points would hide the cells.
    package var firstZoom: Int { contains(.events) ? 13 : 0 }

    package var names: [String] { Self.named.filter { contains($0.layer) }.map(\.name) }
}
