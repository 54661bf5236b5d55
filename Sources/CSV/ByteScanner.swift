/// Finds the next of up to three ASCII bytes, eight bytes per step, as `memchr` does for one byte.
///
/// Plain words instead of SIMD vectors: the mask operations of `SIMD16<UInt8>` are not lowered to machine vectors and
/// cost ten times as much (Swift 6.3, x86-64).
struct ByteScanner: Sendable {
    private static let sevens: UInt64 = 0x7F7F_7F7F_7F7F_7F7F

    private let first: UInt64
    private let second: UInt64
    private let third: UInt64

    init(_ first: UInt8, _ second: UInt8, _ third: UInt8) {
        precondition(first | second | third < 0x80, "only ASCII bytes can be looked for")
        let everywhere: UInt64 = 0x0101_0101_0101_0101
        self.first = UInt64(first) * everywhere
        self.second = UInt64(second) * everywhere
        self.third = UInt64(third) * everywhere
    }

    /// The index of the first wanted byte in `bytes[from...]`, or `bytes.count` when there is none.
    @inline(__always)
    func next(in bytes: UnsafeRawBufferPointer, from: Int) -> Int {
        var index = from
        let end = bytes.count
        while index &+ 8 <= end {
            let hits = hits(in: UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)))
            if hits != 0 { return index &+ hits.trailingZeroBitCount >> 3 }
            index &+= 8
        }
        while index < end, hits(in: UInt64(bytes[index]) | Self.sevens << 8) & 0x80 == 0 { index &+= 1 }
        return index
    }

    /// The top bit of every byte of `word` that matches a wanted byte.
    ///
    /// The low seven bits of a byte, after xor with a wanted one, are zero exactly when adding 0x7F leaves the top bit
    /// clear; no sum carries into the next byte. Bytes whose own top bit is set are not ASCII.
    @inline(__always)
    private func hits(in word: UInt64) -> UInt64 {
        let low = word & Self.sevens
        let differs =
            ((low ^ first) &+ Self.sevens) & ((low ^ second) &+ Self.sevens) & ((low ^ third) &+ Self.sevens)
        return ~(differs | word | Self.sevens)
    }
}
