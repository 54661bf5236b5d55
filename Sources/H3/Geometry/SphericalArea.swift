#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// The area within a closed line of great circle arcs, to the left of the line, summed arc by arc.
///
/// Each arc adds the signed area between it and the south pole (Cagnoli's formula). The sum is compensated (Kahan),
/// because for a small cell the terms are much larger than the result.
struct SphericalArea {
    private var sum = 0.0
    private var lost = 0.0

    /// The area in radians^2, 0 ..< 4 pi.
    var value: Double {
        var whole = self
        if whole.sum < 0 { whole.add(4 * .pi) }
        return whole.sum
    }

    init(_ outline: some Collection<LatLng>) {
        guard var last = outline.first else { return }
        for vertex in outline.dropFirst() {
            addArc(last, vertex)
            last = vertex
        }
        if let first = outline.first { addArc(last, first) }
    }

    private mutating func addArc(_ start: LatLng, _ end: LatLng) {
        let (a, b) = (start.latitudeRadians / 2 + .pi / 4, end.latitudeRadians / 2 + .pi / 4)
        let (sines, cosines) = (sin(a) * sin(b), cos(a) * cos(b))
        let turn = end.longitudeRadians - start.longitudeRadians
        add(-2 * atan2(sines * sin(turn), sines * cos(turn) + cosines))
    }

    private mutating func add(_ term: Double) {
        let corrected = term - lost
        let total = sum + corrected
        lost = (total - sum) - corrected
        sum = total
    }
}
