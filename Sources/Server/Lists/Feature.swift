import H3

/// One row of a list, independent of the format it is sent in.
struct Feature: Sendable {
    enum Place: Hashable, Sendable {
        /// A point in degrees.
        case point(longitude: Double, latitude: Double)
        case cell(H3Cell)
    }

    /// The id in GeoJSON.
    let id: String?
    /// The place; `nil` for a feature without one.
    let place: Place?
    /// The values, one for each property of its source, in the same order.
    let values: [PropertyValue]
}
