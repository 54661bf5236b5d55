package import HummingbirdCore
import NIOCore
package import NIOHTTP2
import NIOHTTPTypes

/// The HTTP version that is spoken on a connection.
package enum Conversation: Sendable {
    /// One request after the other.
    case http1(HTTP1Channel.Value)
    /// Many requests at a time, each in a stream that works like a connection of its own; a refused stream is `nil`.
    case http2(NIOHTTP2Handler.AsyncStreamMultiplexer<HTTP1Channel.Value?>)
}
