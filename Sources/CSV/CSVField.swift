/// The position of a field's bytes in its record batch.
package struct CSVField: Sendable {
    @usableFromInline let start: UInt32
    /// Twice the end, plus one when the bytes are still escaped.
    @usableFromInline let taggedEnd: UInt32

    @inlinable
    package init(_ range: Range<Int>, isEscaped: Bool) {
        start = UInt32(truncatingIfNeeded: range.lowerBound)
        taggedEnd = UInt32(truncatingIfNeeded: range.upperBound) << 1 | (isEscaped ? 1 : 0)
    }

    /// The field's bytes in `RecordBatch.bytes`, without its enclosing quotes.
    @inlinable package var range: Range<Int> {
        Range(uncheckedBounds: (Int(start), Int(taggedEnd >> 1)))
    }

    /// Whether the bytes hold quotes or escapes that `RecordBatch.unescape` has to take out.
    @inlinable package var isEscaped: Bool { taggedEnd & 1 != 0 }
}
