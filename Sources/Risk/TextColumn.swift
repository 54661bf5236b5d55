/// A column of UTF-8 texts, laid end to end in one buffer, so that a row costs no allocation.
package struct TextColumn: Sendable {
    /// The texts of all rows, one after the other.
    package private(set) var bytes: [UInt8] = []
    /// For each row the offset in `bytes` where its text ends.
    package private(set) var ends: [Int] = []

    package init() {}

    package var count: Int { ends.count }

    /// Where the text of a row lies in `bytes`.
    package func range(at row: Int) -> Range<Int> {
        (row == 0 ? 0 : ends[row - 1])..<ends[row]
    }

    /// The text of a row, for messages and tests; the hot paths take its bytes.
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
