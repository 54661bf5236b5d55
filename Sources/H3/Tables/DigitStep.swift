/// The effect of a step to a neighbouring cell on one digit, computed from the grid: entry `8 * digit + direction` has
/// the new digit in bits 0-2 and the step of the parent in bits 3-5.
enum DigitStep {
    static func after(_ digit: UInt64, direction: UInt64, isClassIII: Bool) -> (digit: UInt64, carry: UInt64) {
        let entry = isClassIII ? classIII[Int(digit << 3 | direction)] : classII[Int(digit << 3 | direction)]
        return (UInt64(entry & 7), UInt64(entry >> 3))
    }

    private static let classII: InlineArray<64, UInt8> = [
        0, 1, 2, 3, 4, 5, 6, 0, 1, 10, 3, 28, 5, 14, 0, 0,
        2, 3, 20, 21, 6, 0, 49, 0, 3, 28, 21, 30, 0, 1, 2, 0,
        4, 5, 6, 0, 33, 42, 35, 0, 5, 14, 0, 1, 42, 43, 4, 0,
        6, 0, 49, 2, 35, 4, 53, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    ]

    private static let classIII: InlineArray<64, UInt8> = [
        0, 1, 2, 3, 4, 5, 6, 0, 1, 12, 3, 14, 5, 42, 0, 0,
        2, 3, 17, 28, 6, 0, 21, 0, 3, 14, 28, 29, 0, 1, 2, 0,
        4, 5, 6, 0, 34, 35, 49, 0, 5, 42, 0, 1, 35, 46, 4, 0,
        6, 0, 21, 2, 49, 4, 51, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    ]
}
