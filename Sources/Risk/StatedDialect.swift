/// How a file is written, as its sender says; nil means that it is found out from the file.
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
