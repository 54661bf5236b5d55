package import NIOCore

/// A file of the map page, ready to be sent.
package struct StaticFile: Sendable {
    package let plain: ByteBuffer
    /// The compressed file; `nil` when gzip would not make it smaller.
    package let gzip: ByteBuffer?
    package let mediaType: String
    /// A strong validator, without quotes and without the suffix for an encoding.
    package let tag: String
    package let lastModified: String
}
