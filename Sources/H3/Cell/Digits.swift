/// The fifteen digits of an index, 3 bits each; the first (coarsest) is the highest.
///
/// A digit names a step from a parent's centre: its bits are the steps along the i (4), j (2) and k (1) axes, which lie
/// 120 degrees apart. A turn by 120 degrees is therefore a cyclic shift of the three bits and a turn by 180 degrees
/// their complement, both done here for all digits at once. Digits past the resolution are 0, so they stay as they are.
struct Digits {
    var bits: UInt64

    static let mask: UInt64 = (1 << 45) - 1
    static let k: UInt64 = 1
    static let i: UInt64 = 4
    static let ik: UInt64 = 5

    /// The lowest bit of every digit.
    private static let ones: UInt64 = 0o111_111_111_111_111

    /// The first digit other than 0, or 0.
    var leading: UInt64 {
        guard bits != 0 else { return 0 }
        let place = (bits.leadingZeroBitCount - 19) / 3
        return bits >> UInt64(truncatingIfNeeded: 42 - 3 * place) & 7
    }

    /// The digit at `resolution`, 1...15.
    subscript(resolution: Int) -> UInt64 {
        get { bits &>> UInt64(truncatingIfNeeded: 45 - 3 * resolution) & 7 }
        set { bits |= newValue &<< UInt64(truncatingIfNeeded: 45 - 3 * resolution) }
    }

    /// The digits turned counter-clockwise by `turns` times 60 degrees; `turns` is 0...5.
    func rotated(_ turns: Int) -> Digits {
        // 180 + 240 = 60 and 180 + 120 = 300 degrees.
        switch turns {
        case 1: halfTurned.thirdTurned.thirdTurned
        case 2: thirdTurned
        case 3: halfTurned
        case 4: thirdTurned.thirdTurned
        case 5: halfTurned.thirdTurned
        default: self
        }
    }

    /// The digits turned counter-clockwise about a pentagon, whose sector of the k axis is missing: a turn into it goes
    /// past it.
    func rotatedAboutPentagon(_ turns: Int) -> Digits {
        var result = self
        for _ in 0..<turns {
            result = result.rotated(1)
            if result.leading == Self.k { result = result.rotated(1) }
        }
        return result
    }

    /// The digits turned clockwise by 60 degrees about a pentagon, past the missing sector.
    var rotatedAboutPentagonRight: Digits {
        let result = rotated(5)
        return result.leading == Self.k ? result.rotated(5) : result
    }

    private var thirdTurned: Digits {
        Digits(bits: bits >> 1 & (Self.ones &* 3) | (bits & Self.ones) << 2)
    }

    private var halfTurned: Digits {
        let used = (bits | bits >> 1 | bits >> 2) & Self.ones
        return Digits(bits: bits ^ used &* 7)
    }
}
