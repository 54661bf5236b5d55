/// The point at which the events of an area are placed.
package struct AreaPoint: Sendable {
    package let id: String
    package let name: String
    /// The label point, in degrees of WGS 84.
    package let longitude: Double
    package let latitude: Double

    package init(id: String, name: String, longitude: Double, latitude: Double) {
        self.id = id
        self.name = name
        self.longitude = longitude
        self.latitude = latitude
    }
}
