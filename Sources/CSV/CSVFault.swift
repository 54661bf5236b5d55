/// Why a line could not be read as a record.
///
/// Reading continues with the line after it.
package enum CSVFault: Sendable, Equatable {
    /// A quote that no other quote closes before the end of the file.
    case unterminatedQuote
    /// The record is longer than the reader's limit; its range holds no more bytes than that.
    case recordTooLong
}
