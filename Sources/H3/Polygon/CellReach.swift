#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// A box in latitude and longitude, in radians, around everything that a cell and its descendants can touch.
///
/// It continues past -pi and pi where it crosses the antimeridian, and contains all longitudes around a pole.
struct CellReach {
    let south: Double
    let north: Double
    private let west: Double
    private let east: Double

    /// The longitudes in -pi...pi.
    private(set) var plain: (ClosedRange<Double>, ClosedRange<Double>?) = (0...0, nil)

    /// The longitudes in 0...2 pi.
    private(set) var eastern: (ClosedRange<Double>, ClosedRange<Double>?) = (0...0, nil)

    /// Creates the box. `radius` is the largest distance of descendants' centres from the cell's centre, `margin` how
    /// much farther a descendant extends.
    init(center: AnglePoint, radius: Double, margin: Double) {
        south = center.latitude - radius - margin - Self.slack
        north = center.latitude + radius + margin + Self.slack
        let farthest = max(abs(south), abs(north))
        let besides =
            farthest < .pi / 2
            ? asin(min(1, sin(radius) / cos(center.latitude))) + margin / cos(farthest) + Self.slack : .pi
        let isAllAround = besides >= .pi
        west = isAllAround ? -.pi : center.longitude - besides
        east = isAllAround ? .pi : center.longitude + besides
        plain = spans(from: -.pi)
        eastern = spans(from: 0)
    }

    /// The longitudes of the box as one or two ranges within 2 pi from `start`, which is -2 pi, -pi or 0.
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
