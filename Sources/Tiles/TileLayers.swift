/// The layers of a tile, besides the one that marks a tile that was cut.
package struct TileLayers: OptionSet, Hashable, Sendable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) { self.rawValue = rawValue }

    /// The cells with their figures, or with their scores on several days.
    package static let risk = Self(rawValue: 1)
    /// The events as points. Not everybody may see them.
    package static let events = Self(rawValue: 2)
    /// The cells of an outlook. It stands alone.
    package static let outlook = Self(rawValue: 4)

    /// Every layer with its name in the tile.
    package static let named: [(name: String, layer: Self)] = [
        ("risk", .risk), ("events", .events), ("outlook", .outlook),
    ]

    /// The lowest zoom of tiles with these layers. At lower zooms, points would hide the cells.
    package var firstZoom: Int { contains(.events) ? 13 : 0 }

    package var names: [String] { Self.named.filter { contains($0.layer) }.map(\.name) }
}
