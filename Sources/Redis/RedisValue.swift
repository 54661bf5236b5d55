package import NIOCore

/// A reply of Redis, protocol version 2.
package enum RedisValue: Hashable, Sendable {
    /// No such value.
    case null
    /// A status such as `OK`.
    case status(String)
    case integer(Int64)
    /// Any bytes.
    case bulk(ByteBuffer)
    case array([RedisValue])
    /// An error inside an array, as EXEC gives it. An error that is the whole reply is thrown instead.
    case error(String)
}
