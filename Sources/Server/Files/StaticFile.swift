import NIOCore

/// A file of the map page, ready to be sent.
struct StaticFile: Sendable {
    let plain: ByteBuffer
    /// The compressed file; `nil` when gzip would not make it smaller.
    let gzip: ByteBuffer?
    let mediaType: String
    /// A strong validator, without quotes and without the suffix for an encoding.
    let tag: String
    let lastModified: String
}
