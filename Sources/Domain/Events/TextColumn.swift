/// A column of UTF-8 texts, stored one after the other in one buffer, so that a row needs no allocation.
package struct TextColumn: Sendable {
    /// The texts of all rows, one after the other.
    package private(set) var bytes: [UInt8] = []
    /// For each row the offset in `bytes` where its text ends.
    package private(set) var ends: [Int] = []

    package init() {}

    package var count: Int { ends.count }

    /// The range in `bytes` of a row's text.
    package func range(at row: Int) -> Range<Int> {
        (row == 0 ? 0 : ends[row - 1])..<ends[row]
    }

    /// The text of a row, for messages and tests. Fast code takes its bytes.
    package subscript(row: Int) -> String {
        String(decoding: bytes[range(at: row)], as: UTF8.self)
    }

    /// Adds a row with the given UTF-8 text.
    package mutating func append(_ text: ArraySlice<UInt8>) {
        bytes.append(contentsOf: text)
        ends.append(bytes.count)
    }

    /// Adds a row whose text `write` appends to the buffer.
    @inline(__always)
    package mutating func appendRow(_ write: (inout [UInt8]) -> Void) {
        write(&bytes)
        ends.append(bytes.count)
    }
}
