/// One record of a record batch: its line in the file and the place of its fields.
package struct CSVRecord: Sendable {
    /// The physical line, counted from 1, on which the record starts.
    package let line: Int64
    /// The record's bytes in `RecordBatch.bytes`, quotes included, without its line ending.
    package let range: Range<Int>
    /// The record's fields in `RecordBatch.fields`; empty when there is a fault.
    package let fields: Range<Int>
    package let fault: CSVFault?

    package init(line: Int64, range: Range<Int>, fields: Range<Int>, fault: CSVFault?) {
        self.line = line
        self.range = range
        self.fields = fields
        self.fault = fault
    }
}
