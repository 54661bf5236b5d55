#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Spherical Web Mercator, EPSG:3857, as in OGC's tile matrix set WebMercatorQuad.
///
/// Formulae: EPSG method 1024 (Popular Visualisation Pseudo Mercator) on a sphere of radius 6378137 m.
package enum WebMercator {
    /// Radius of the sphere, in metres.
    package static let radius = 6_378_137.0

    /// Half the side of the projected world, in metres: the plane spans -extent...extent on both axes.
    package static let extent = 20_037_508.342789244

    /// The latitude, in degrees, at which the projected world is a square: atan(sinh(pi)).
    package static let maximumLatitude = atan(sinh(Double.pi)) * 180 / .pi

    /// Projects a position to metres.
    ///
    /// - Parameters:
    ///   - longitude: In degrees, -180...180.
    ///   - latitude: In degrees; the poles lie at infinity.
    /// - Returns: Easting and northing in metres.
    package static func project(longitude: Double, latitude: Double) -> (x: Double, y: Double) {
        (longitude / 180 * extent, asinh(tan(latitude * .pi / 180)) * radius)
    }

    /// The position of a point of the projected plane.
    ///
    /// - Parameters:
    ///   - x: Easting in metres.
    ///   - y: Northing in metres.
    /// - Returns: Longitude and latitude in degrees.
    package static func unproject(x: Double, y: Double) -> (longitude: Double, latitude: Double) {
        (x / extent * 180, atan(sinh(y / radius)) * 180 / .pi)
    }

    /// Metres on the ground of one metre of the projected plane.
    ///
    /// - Parameter latitude: In degrees.
    package static func groundScale(latitude: Double) -> Double { cos(latitude * .pi / 180) }
}
