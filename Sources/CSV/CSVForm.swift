/// How delimited text is written.
package struct CSVForm: Sendable, Equatable {
    /// The byte between fields, in ASCII.
    package var delimiter = UInt8(ascii: ",")
    /// The byte that encloses a field, in ASCII; nil where quotes are ordinary bytes.
    package var quote: UInt8? = .quote
    /// The byte that makes the next one an ordinary byte, in ASCII; nil where there is none.
    package var escape: UInt8?
    /// The byte that lines begin with which are no records; nil where there are none.
    package var comment: UInt8?
    /// The most lines over which a record with quoted fields may go.
    package var maximumQuotedLines: Int64 = 500
    /// Whether a record counts as one line, however many line ends its fields have.
    package var countsRecords = false

    /// Whether a line feed without a carriage return before it is part of a text, and ends no record.
    package var keepsLineFeeds = false

    package init() {}

    package init(delimiter: UInt8) { self.delimiter = delimiter }
}
