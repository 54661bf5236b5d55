/// A record that did not become an event, kept completely so that it can be read again with a better mapping.
package struct DeadLetter: Sendable, Equatable {
    /// The row number: 1 for the first record after the header. Rejected records count too.
    package var rowNumber: Int64
    /// The physical line, counted from 1, on which the record starts.
    package var lineNumber: Int64
    /// The text of the record.
    ///
    /// A byte that is not UTF-8, a NUL, and a backslash in front of an `x` are written `\xHH` (two upper-case
    /// hexadecimal digits). Replacing each `\xHH` by its byte restores the original.
    package var raw: String
    /// A stable snake_case code of the reason.
    package var reasonCode: String
    /// A sentence that names the column and the value.
    package var detail: String

    package init(rowNumber: Int64, lineNumber: Int64, raw: String, reasonCode: String, detail: String) {
        self.rowNumber = rowNumber
        self.lineNumber = lineNumber
        self.raw = raw
        self.reasonCode = reasonCode
        self.detail = detail
    }
}
