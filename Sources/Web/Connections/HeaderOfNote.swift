/// The meaning of a header for an answer from memory.
enum HeaderOfNote {
    case acceptEncoding
    case ifNoneMatch
    case connection
    case origin
    case requestID
    case host
    /// The scheme that a proxy was asked with.
    case forwardedScheme
    /// A header with which proxies report a client.
    case forwarded
    /// A header whose request is not answered alike for everybody.
    case decisive
    case other

    /// - Parameter name: Letters, digits, hyphens and underscores.
    init(_ bytes: UnsafeRawBufferPointer, _ name: Range<Int>) {
        func isName(_ wanted: String) -> Bool {
            bytes[name].elementsEqual(wanted.utf8) { $0 | 0x20 == $1 }
        }
        self =
            switch name.count {
            case 2 where isName("te"): .decisive
            case 4 where isName("host"): .host
            case 6 where isName("expect"): .decisive
            case 6 where isName("origin"): .origin
            case 7 where isName("upgrade") || isName("trailer"): .decisive
            case 9 where isName("forwarded"): .forwarded
            case 10 where isName("connection"): .connection
            // The answer to a traced request names the span of this server.
            case 11 where isName("traceparent"): .decisive
            case 12 where isName("x-request-id"): .requestID
            case 13 where isName("if-none-match"): .ifNoneMatch
            case 13 where isName("authorization"): .decisive
            case 14 where isName("content-length"): .decisive
            case 15 where isName("accept-encoding"): .acceptEncoding
            case 17 where isName("x-forwarded-proto"): .forwardedScheme
            case 17 where isName("transfer-encoding"): .decisive
            default: .other
            }
    }
}
