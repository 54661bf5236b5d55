package import Domain
package import H3

/// One row of a list, independent of the format it is sent in.
package struct Feature: Sendable {
    package enum Place: Hashable, Sendable {
        /// A point in degrees.
        case point(longitude: Double, latitude: Double)
        case cell(H3Cell)
        case area(AreaOutline)
    }

    /// The id in GeoJSON.
    package let id: String?
    /// The place; `nil` for a feature without one.
    package let place: Place?
    /// The values, one for each property of its source, in the same order.
    package let values: [PropertyValue]

    package init(id: String? = nil, place: Place? = nil, values: [PropertyValue]) {
        self.id = id
        self.place = place
        self.values = values
    }
}
