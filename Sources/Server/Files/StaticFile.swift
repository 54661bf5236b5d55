import NIOCore

/// A file of the map page, ready to be sent.
struct StaticFile: Sendable {
    let plain: ByteBuffer
    /// `nil` when gzip would not make it shorter.
    let gzip: ByteBuffer?
    let mediaType: String
    /// Strong validator, without quotes and without the encoding's suffix.
    let tag: String
    let lastModified: String
}
