#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// A box in latitude and longitude, in radians, around all that a cell and its descendants can touch.
///
/// It goes on past -pi and pi where it crosses the antimeridian, and takes in all longitudes around a pole.
struct CellReach {
    let south: Double
    let north: Double
    private let west: Double
    private let east: Double

    /// `radius` is how far the centres of descendants can be from the cell's, `margin` how far more a descendant reaches.
    init(center: AnglePoint, radius: Double, margin: Double) {
        south = center.latitude - radius - margin - Self.slack
        north = center.latitude + radius + margin + Self.slack
        let farthest = max(abs(south), abs(north))
        guard farthest < .pi / 2 else {
            (west, east) = (-.pi, .pi)
            return
        }
        let besides =
            asin(min(1, sin(radius) / cos(center.latitude))) + margin / cos(farthest) + Self.slack
        let isAllAround = besides >= .pi
        west = isAllAround ? -.pi : center.longitude - besides
        east = isAllAround ? .pi : center.longitude + besides
    }

    /// The longitudes of the box as one or two ranges of those from `start` to 2 pi more; `start` is -2 pi, -pi or 0.
    func spans(from start: Double) -> (ClosedRange<Double>, ClosedRange<Double>?) {
        let end = start + 2 * .pi
        if east - west >= 2 * .pi { return (start...end, nil) }
        var shift = 0.0
        while west + shift < start { shift += 2 * .pi }
        while west + shift >= end { shift -= 2 * .pi }
        let (from, to) = (west + shift, east + shift)
        return to <= end ? (from...to, nil) : (from...end, start...max(start, to - 2 * .pi))
    }

    private static let slack = 1e-12
}
