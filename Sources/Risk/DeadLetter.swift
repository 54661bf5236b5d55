/// A record that did not become an event, kept whole so that it can be read again under a better mapping.
package struct DeadLetter: Sendable, Equatable {
    /// The record's place in its file: 1 for the first after the header, rejected ones counted.
    package var rowNumber: Int64
    /// The physical line, counted from 1, on which the record starts.
    package var lineNumber: Int64
    /// The record as it was read.
    ///
    /// A byte that is not UTF-8, a NUL, and a backslash in front of an `x` are written `\xHH` (two upper-case hex
    /// digits); replacing each `\xHH` by its byte gives the original back.
    package var raw: String
    /// A stable snake_case word to group by.
    package var reasonCode: String
    /// One sentence naming the column and the value.
    package var detail: String

    package init(rowNumber: Int64, lineNumber: Int64, raw: String, reasonCode: String, detail: String) {
        self.rowNumber = rowNumber
        self.lineNumber = lineNumber
        self.raw = raw
        self.reasonCode = reasonCode
        self.detail = detail
    }
}
