import H3

/// One row of a list, whatever the form it is sent in.
struct Feature: Sendable {
    enum Place: Hashable, Sendable {
        /// Degrees.
        case point(longitude: Double, latitude: Double)
        case cell(H3Cell)
    }

    /// What GeoJSON calls it by.
    let id: String?
    /// `nil` for what lies nowhere.
    let place: Place?
    /// One for each property of its source, in their order.
    let values: [PropertyValue]
}
