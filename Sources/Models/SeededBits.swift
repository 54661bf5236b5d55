/// A stream of random bits that depends on its seed alone, so that a training can be repeated.
///
/// Sebastiano Vigna's splitmix64.
struct SeededBits: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// A number from 0 up to 1.
    mutating func share() -> Double { Double(next() >> 11) * 0x1p-53 }

    /// A number from 0 up to `limit`, which is at least 1.
    mutating func index(below limit: Int) -> Int { Int.random(in: 0..<limit, using: &self) }
}
