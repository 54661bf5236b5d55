/// Why a line could not be read as a record.
///
/// Reading continues with the line after it.
package enum CSVFault: Sendable, Equatable {
    /// A quote opens on the line and no other quote closes it: before the file ends, within the lines that a record may
    /// have, or before lines that are records of their own.
    case unterminatedQuote
    /// Text follows the quote that closes a field.
    case textAfterQuote
    /// The record is longer than the reader's limit; its range holds no more bytes than that.
    case recordTooLong
}
