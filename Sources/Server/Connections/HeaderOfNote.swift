/// What a header means to whoever answers from memory.
enum HeaderOfNote {
    case acceptEncoding
    case ifNoneMatch
    case connection
    case origin
    case requestID
    case host
    /// With which scheme a proxy was asked.
    case forwardedScheme
    /// Headers by which proxies tell of a client.
    case forwarded
    /// With it the request is not one in which everybody is answered alike.
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
            // A trace is told of in the answer by who is part of it.
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
