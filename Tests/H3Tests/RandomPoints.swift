import Foundation
import H3

/// Points spread evenly over the sphere, the same for the same seed (SplitMix64).
struct RandomPoints: Sequence, IteratorProtocol {
    private var state: UInt64
    private var left: Int

    init(seed: UInt64, count: Int) {
        state = seed
        left = count
    }

    mutating func next() -> LatLng? {
        guard left > 0 else { return nil }
        left -= 1
        let latitude = asin(2 * uniform() - 1) * 180 / .pi
        return LatLng(latitude: latitude, longitude: 360 * uniform() - 180)
    }

    /// A number in 0 ..< 1.
    private mutating func uniform() -> Double { Double(bits() >> 11) / 9_007_199_254_740_992 }

    mutating func bits() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ state >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}
