/// The largest number of elements of a result that is returned as an array.
///
/// An array that does not fit in memory would end the process. Larger results must be written to the caller's buffer.
enum ArrayBound {
    static let count = 1 << 28

    /// - Throws: `memoryAllocation` where `count` exceeds the bound.
    static func checked(_ count: Int) throws(H3Error) -> Int {
        guard count <= Self.count else { throw .memoryAllocation }
        return count
    }
}
