package import Domain

/// Everything that determines the bytes of a tile of areas besides its dataset, days and address.
package struct AreaTileKey: Hashable, Sendable {
    package var layer: Slug
    /// The number of the layer, which a layer that is imported again changes.
    package var layerID: Int32
    /// The figure that areas have as their value; `nil` for areas without any figures and counts.
    package var figure: AreaFigure?
    /// The version of the layer or of the dataset's counts in it, whichever is greater.
    package var version: Int64
    /// The event types that are counted; empty for all.
    package var eventTypes: [String]

    package init(layer: Slug, layerID: Int32, figure: AreaFigure?, version: Int64, eventTypes: [String] = []) {
        self.layer = layer
        self.layerID = layerID
        self.figure = figure
        self.version = version
        self.eventTypes = eventTypes
    }

    /// The part of a stored name, without a colon.
    var text: String {
        let types = eventTypes.map { type in
            // Types are any text, so their bytes are written as digits.
            type.utf8.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        }
        return "areas=\(layerID).\(version).\(figure?.rawValue ?? "none").\(types.joined(separator: "+"))"
    }
}

/// The bands of zooms that have simplified shapes of their own.
package enum AreaBand {
    /// The deepest zoom of each band but the last, which has all corners. `sql/area_import.sql` makes a shape for each.
    package static let deepestZooms = [4, 6, 8, 10, 12, 14]

    /// The band of a zoom, from 0.
    package static func number(zoom: Int) -> Int {
        deepestZooms.firstIndex { zoom <= $0 } ?? deepestZooms.count
    }
}
