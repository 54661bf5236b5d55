#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The head of a GET or HEAD request of the usual form, found in bytes without copying them.
///
/// It accepts only what is beyond doubt: HTTP/1.1, CR LF after every line, no body, no upgrade, no credentials, no
/// `Connection: close`, one host, and each other relevant header at most once. Everything else, including faults, is
/// left to the real parser.
package struct PlainRequest {
    package let isHead: Bool
    /// The path and query as they were sent.
    package let target: Range<Int>
    package let acceptEncoding: Range<Int>?
    package let ifNoneMatch: Range<Int>?
    package let origin: Range<Int>?
    package let requestID: Range<Int>?
    package let host: Range<Int>
    package let forwardedScheme: Range<Int>?
    package let forwarded: Range<Int>?
    /// The size of the whole head in bytes.
    package let length: Int

    /// - Parameter bytes: What a client sent, beginning with the first byte of a request.
    /// - Returns: `nil` when the head is not of the usual form or not complete.
    package init?(_ bytes: UnsafeRawBufferPointer) {
        guard let line = Self.line(bytes, from: 0) else { return nil }
        isHead = bytes.starts(with: "HEAD ".utf8)
        guard isHead || bytes.starts(with: "GET ".utf8) else { return nil }
        let start = isHead ? 5 : 4
        let version = " HTTP/1.1"
        let end = line.upperBound - version.utf8.count
        guard end > start, bytes[start] == UInt8(ascii: "/"), bytes[end..<line.upperBound].elementsEqual(version.utf8),
            bytes[start..<end].allSatisfy({ $0 > 0x20 && $0 < 0x7f })
        else { return nil }
        target = start..<end

        var acceptEncoding: Range<Int>?
        var ifNoneMatch: Range<Int>?
        var origin: Range<Int>?
        var requestID: Range<Int>?
        var host: Range<Int>?
        var forwardedScheme: Range<Int>?
        var forwarded: Range<Int>?
        var next = line.upperBound + 2
        while true {
            guard let line = Self.line(bytes, from: next) else { return nil }
            next = line.upperBound + 2
            if line.isEmpty { break }
            guard let (name, value) = Self.field(bytes, line) else { return nil }
            switch HeaderOfNote(bytes, name) {
            case .acceptEncoding:
                guard acceptEncoding == nil else { return nil }
                acceptEncoding = value
            case .ifNoneMatch:
                guard ifNoneMatch == nil else { return nil }
                ifNoneMatch = value
            case .origin:
                guard origin == nil else { return nil }
                origin = value
            case .requestID:
                guard requestID == nil else { return nil }
                requestID = value
            case .host:
                guard host == nil else { return nil }
                host = value
            case .forwardedScheme:
                guard forwardedScheme == nil else { return nil }
                forwardedScheme = value
            case .forwarded:
                guard forwarded == nil else { return nil }
                forwarded = value
            case .connection:
                guard Self.isKeepAlive(bytes, value) else { return nil }
            case .decisive: return nil
            case .other: continue
            }
        }
        guard let host else { return nil }
        self.host = host
        self.forwardedScheme = forwardedScheme
        self.forwarded = forwarded
        self.acceptEncoding = acceptEncoding
        self.ifNoneMatch = ifNoneMatch
        self.origin = origin
        self.requestID = requestID
        length = next
    }

    /// The line that begins at `start`, without its CR LF.
    private static func line(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Range<Int>? {
        guard start < bytes.count, let base = bytes.baseAddress,
            let found = memchr(base + start, 0x0d, bytes.count - start)
        else { return nil }
        let end = UnsafeRawPointer(found) - base
        guard end + 1 < bytes.count, bytes[end + 1] == 0x0a else { return nil }
        return start..<end
    }

    private static func field(
        _ bytes: UnsafeRawBufferPointer, _ line: Range<Int>
    ) -> (name: Range<Int>, value: Range<Int>)? {
        guard let base = bytes.baseAddress, let found = memchr(base + line.lowerBound, 0x3a, line.count) else {
            return nil
        }
        let colon = UnsafeRawPointer(found) - base
        let name = line.lowerBound..<colon
        // Refuses blanks too, so that neither a folded line nor a blank before the colon is accepted.
        guard !name.isEmpty, bytes[name].allSatisfy(isTokenByte) else { return nil }
        var value = (colon + 1)..<line.upperBound
        while let first = value.first, isBlank(bytes[first]) { value = (first + 1)..<value.upperBound }
        while let last = value.last, isBlank(bytes[last]) { value = value.lowerBound..<last }
        guard bytes[value].allSatisfy({ $0 >= 0x20 && $0 != 0x7f || $0 == 0x09 }) else { return nil }
        return (name, value)
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

    /// Letters, digits and hyphens, the only characters in the names of real headers.
    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }

    private static func isKeepAlive(_ bytes: UnsafeRawBufferPointer, _ value: Range<Int>) -> Bool {
        bytes[value].elementsEqual("keep-alive".utf8) { $0 | 0x20 == $1 || $0 == $1 }
    }
}

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
