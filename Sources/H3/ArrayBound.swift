/// How many elements a result may have that is returned as an array.
///
/// An array that memory cannot hold would end the process. Larger results have to go to the caller's buffer.
enum ArrayBound {
    static let count = 1 << 28

    /// - Throws: `memoryAllocation` where `count` is past the bound.
    static func checked(_ count: Int) throws(H3Error) -> Int {
        guard count <= Self.count else { throw .memoryAllocation }
        return count
    }
}
