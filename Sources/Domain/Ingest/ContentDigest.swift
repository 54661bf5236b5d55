/// Two digests of the records of a file in canonical form. They do not depend on how the file is packed, encoded or
/// quoted.
package struct ContentDigest: Hashable, Sendable {
    /// How many records ``start`` covers at most.
    package static let startRecords = 1000

    /// The digest of the header and the first records, 32 bytes.
    package let start: [UInt8]
    /// The digest of the header and all records, 32 bytes.
    package let whole: [UInt8]

    package init(start: [UInt8], whole: [UInt8]) {
        self.start = start
        self.whole = whole
    }
}
