import Foundation
import H3
import TestSupport

/// Points spread evenly over the sphere, the same for the same seed.
struct RandomPoints: Sequence, IteratorProtocol {
    private var random: SplitMix
    private var left: Int

    init(seed: UInt64, count: Int) {
        random = SplitMix(state: seed)
        left = count
    }

    mutating func next() -> LatLng? {
        guard left > 0 else { return nil }
        left -= 1
        let latitude = asin(2 * uniform() - 1) * 180 / .pi
        return LatLng(latitude: latitude, longitude: 360 * uniform() - 180)
    }

    /// A number in 0 ..< 1.
    private mutating func uniform() -> Double { Double(random.next() >> 11) / 9_007_199_254_740_992 }
}
