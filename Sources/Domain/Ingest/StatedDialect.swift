/// The format of a file as stated by its sender; a `nil` part is detected from the file.
package struct StatedDialect: Hashable, Sendable {
    package var format: String?
    package var encoding: String?
    package var delimiter: String?
    package var decimal: String?

    package init(
        format: String? = nil, encoding: String? = nil, delimiter: String? = nil, decimal: String? = nil
    ) {
        self.format = format
        self.encoding = encoding
        self.delimiter = delimiter
        self.decimal = decimal
    }
}
