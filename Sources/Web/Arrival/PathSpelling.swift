/// The spelling of a request's path. Each path has one canonical spelling, and only that one reaches the routes. So the
/// server and anything in front of it, such as a proxy that hides a path, see the same path.
enum PathSpelling: Equatable {
    case canonical
    /// The given canonical path with needless escapes: of unreserved characters, or in small letters. By RFC 3986,
    /// 6.2.2, everybody must take it for the same path.
    case escaped(String)
    /// Another spelling of the given canonical path.
    case other(String)
    /// A path that this server never has: it contains dot segments, escaped slashes, backslashes, semicolons or control
    /// characters, is not UTF-8, or does not begin with a slash.
    case impossible

    /// - Parameter path: The path as it was sent, without the query. The canonical form has a slash before each segment
    ///   and none at the end; letters, digits and `-._~!$&'()*+,=:@` unescaped; and all other bytes escaped in
    ///   capitals.
    init(_ path: some StringProtocol) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(path.utf8.count)
        var isEscaped = false
        var isEquivalent = true
        var rest = path.utf8.makeIterator()
        while let byte = rest.next() {
            switch byte {
            case UInt8(ascii: "/"):
                guard bytes.last != byte else {
                    isEquivalent = false
                    continue
                }
                bytes.append(byte)
            case UInt8(ascii: "%"):
                guard let high = rest.next().flatMap(PercentEncoding.digit),
                    let low = rest.next().flatMap(PercentEncoding.digit)
                else {
                    self = .impossible
                    return
                }
                let decoded = high << 4 | low
                if Self.standsUnescaped(decoded) {
                    bytes.append(decoded)
                    isEquivalent = isEquivalent && Self.isUnreserved(decoded)
                } else if Self.mayBeEscaped(decoded) {
                    isEscaped = true
                    bytes += PercentEncoding.escape(decoded)
                } else {
                    self = .impossible
                    return
                }
            case _ where Self.standsUnescaped(byte): bytes.append(byte)
            default:
                self = .impossible
                return
            }
        }
        if bytes.count > 1, bytes.last == UInt8(ascii: "/") {
            bytes.removeLast()
            isEquivalent = false
        }
        guard bytes.first == UInt8(ascii: "/"), !Self.hasDotSegment(bytes) else {
            self = .impossible
            return
        }
        let canonical = String(decoding: bytes, as: UTF8.self)
        guard !isEscaped || PercentEncoding.decode(canonical, plusIsSpace: false) != nil else {
            self = .impossible
            return
        }
        if canonical.utf8.elementsEqual(path.utf8) {
            self = .canonical
        } else {
            self = isEquivalent ? .escaped(canonical) : .other(canonical)
        }
    }

    /// The canonical spelling of a decoded path.
    static func canonical(_ path: String) -> String {
        var bytes: [UInt8] = []
        for byte in path.utf8 {
            let stands = byte == UInt8(ascii: "/") || standsUnescaped(byte)
            bytes += stands ? [byte] : PercentEncoding.escape(byte)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Characters that RFC 3986 allows in a segment, except the semicolon, at which some servers cut a segment.
    private static func standsUnescaped(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "!"), UInt8(ascii: "$"), UInt8(ascii: "&"), UInt8(ascii: "'"), UInt8(ascii: "("),
            UInt8(ascii: ")"), UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: ","), UInt8(ascii: "="),
            UInt8(ascii: ":"), UInt8(ascii: "@"):
            true
        default: isUnreserved(byte)
        }
    }

    /// Characters whose escapes mean the same as themselves everywhere (RFC 3986, 2.3).
    private static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
            UInt8(ascii: "~"):
            true
        default: false
        }
    }

    /// Whether a byte may be escaped. An escaped `%` would be decoded a second time by somebody else.
    private static func mayBeEscaped(_ byte: UInt8) -> Bool {
        byte >= 0x20 && byte != 0x7f
            && ![UInt8(ascii: "/"), UInt8(ascii: "\\"), UInt8(ascii: "%"), UInt8(ascii: ";")].contains(byte)
    }

    private static func hasDotSegment(_ bytes: [UInt8]) -> Bool {
        bytes.split(separator: UInt8(ascii: "/")).contains { part in
            part.count <= 2 && part.allSatisfy { $0 == UInt8(ascii: ".") }
        }
    }
}
