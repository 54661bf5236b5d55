import H3

/// The bytes of one fuzzing run, read as arguments.
struct FuzzInput {
    private var bytes: ArraySlice<UInt8>

    init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = Array(bytes)[...] }

    mutating func byte() -> UInt8 { bytes.popFirst() ?? 0 }

    mutating func bits() -> UInt64 { (0..<8).reduce(0) { bits, _ in bits << 8 | UInt64(byte()) } }

    mutating func integer() -> Int { Int(truncatingIfNeeded: bits()) }

    /// Any number, including infinite ones and NaN; half of them are in the range of angles.
    mutating func number() -> Double {
        byte() & 1 == 0 ? Double(bitPattern: bits()) : Double(Int64(truncatingIfNeeded: bits())) * 4e-17
    }

    /// Up to 63 bytes, unchanged.
    mutating func text() -> ArraySlice<UInt8> {
        let count = Int(byte() & 63)
        defer { bytes = bytes.dropFirst(count) }
        return bytes.prefix(count)
    }

    mutating func point() -> LatLng { LatLng(latitude: number(), longitude: number()) }

    mutating func resolution() -> Resolution { Resolution.allCases[Int(byte() & 15)] }

    /// Any 64 bits, or those of a cell with a few bits changed, so that not only the checks are reached.
    mutating func index() -> UInt64 {
        let kind = byte()
        let bits = bits()
        switch kind & 3 {
        case 0: return bits
        case 1: return bits >> 8 | UInt64(kind >> 2) << 56
        case 2: return (valid(bits)?.bits ?? bits) ^ 1 << UInt64(kind >> 2)
        default: return valid(bits)?.bits ?? bits
        }
    }

    private func valid(_ bits: UInt64) -> H3Cell? {
        let resolution = Resolution.allCases[Int(bits & 15)]
        let digits = (1...15).prefix(resolution.number).map { Int(bits >> UInt64(3 * $0 + 4) & 7) % 7 }
        // Pentagons, which need special handling everywhere, come up often.
        let base =
            bits >> 57 & 1 == 0
            ? Int(bits >> 50 & 0x7F) % 122
            : [4, 14, 24, 38, 49, 58, 63, 72, 83, 97, 107, 117][Int(bits >> 50 & 0x7F) % 12]
        return try? H3Cell(
            resolution: resolution, baseCell: base, digits: bits >> 58 & 3 == 0 ? digits.map { _ in 0 } : digits)
    }
}
