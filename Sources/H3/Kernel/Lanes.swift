/// Eight points, one to a lane.
typealias Lanes = SIMD8<Double>

/// Eight whole numbers or bit patterns, one to a lane.
typealias BitLanes = SIMD8<UInt64>

// These are written for the instructions they compile to: choosing in every lane is one `maxpd`, where `pointwiseMax`
// branches, and converting lanes to integers is eight calls, where adding a constant is one operation.
extension SIMD8 {
    /// Builds a vector lane by lane. It is written out, because a loop over the lanes keeps the vector in memory.
    @inline(__always) static func byLane(_ value: (Int) -> Scalar) -> Self {
        Self(value(0), value(1), value(2), value(3), value(4), value(5), value(6), value(7))
    }
}

extension SIMD8<Double> {
    /// The number 1.5 * 2^52. In a sum with it the last bit counts ones, so the sum is rounded to a whole number, which
    /// is in the low bits.
    static var wholeBits: Double { 6_755_399_441_055_744 }

    @inline(__always) static func all(_ value: Double) -> Self { Self(repeating: value) }

    /// The nearest whole numbers, for numbers below 2^51 in size.
    @inline(__always) var nearest: Self { (self + .all(Self.wholeBits)) - .all(Self.wholeBits) }

    @inline(__always) var bits: BitLanes { unsafeBitCast(self, to: BitLanes.self) }

    @inline(__always) var size: Self { unsafeBitCast(bits & BitLanes(repeating: .max >> 1), to: Self.self) }

    @inline(__always) static func greater(_ left: Self, _ right: Self) -> Self {
        byLane { left[$0] > right[$0] ? left[$0] : right[$0] }
    }

    @inline(__always) static func lesser(_ left: Self, _ right: Self) -> Self {
        byLane { left[$0] < right[$0] ? left[$0] : right[$0] }
    }

    /// All bits of each lane in which this number is greater.
    @inline(__always) func isGreater(than other: Self) -> BitLanes {
        unsafeBitCast(self .> other, to: BitLanes.self)
    }

    /// All bits of each lane in which this number is greater or equal; none where either is NaN.
    @inline(__always) func isGreater(orEqual other: Self) -> BitLanes {
        unsafeBitCast(self .>= other, to: BitLanes.self)
    }
}

extension SIMD8<UInt64> {
    /// The bits that are set in any lane.
    @inline(__always) var together: UInt64 {
        let halves = lowHalf | highHalf
        let quarters = halves.lowHalf | halves.highHalf
        return quarters[0] | quarters[1]
    }
}
