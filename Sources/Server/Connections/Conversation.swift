import HummingbirdCore
import NIOCore
import NIOHTTP2
import NIOHTTPTypes

/// What is spoken on a connection.
enum Conversation: Sendable {
    /// One request after the other.
    case http1(HTTP1Channel.Value)
    /// Many at a time, each in a stream that is like a connection of its own; a stream that was refused is `nil`.
    case http2(NIOHTTP2Handler.AsyncStreamMultiplexer<HTTP1Channel.Value?>)
}
