/// The number of a run, a batch or a dead letter, as addresses and parameters have it.
enum RowNumber {
    private static let range: ClosedRange<Int64> = 0...999_999_999_999_999_999

    /// - Returns: `nil` when it is none, or not in its one spelling: without a sign or zeros before it.
    static func read(_ text: some StringProtocol) -> Int64? {
        Int64(text).flatMap { range.contains($0) && String($0) == text ? $0 : nil }
    }
}
