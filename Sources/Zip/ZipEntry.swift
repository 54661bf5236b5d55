/// A file in a zip archive, as the directory at the end of the archive describes it.
package struct ZipEntry: Sendable {
    package let name: String
    /// How it is packed: 0 is stored, 8 is deflated.
    package let method: UInt16
    package let isEncrypted: Bool
    package let crc32: UInt32
    package let packedSize: UInt64
    package let size: UInt64
    /// The place of the local header in the archive.
    let header: UInt64
}
