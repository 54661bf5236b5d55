/// The number of a run, a batch or a dead letter in paths and parameters.
package enum RowNumber {
    private static let range: ClosedRange<Int64> = 0...999_999_999_999_999_999

    /// - Returns: `nil` for anything but the canonical text: digits without a sign or leading zeros.
    package static func read(_ text: some StringProtocol) -> Int64? {
        Int64(text).flatMap { range.contains($0) && String($0) == text ? $0 : nil }
    }
}
