import NIOHTTP1

/// Finds faults that the parser of HTTP/1 allows and other servers may read differently. With those, two servers in a
/// row would not agree where a request ends or whom it is for.
enum HeadCheck {
    static func fault(of head: HTTPRequestHead) -> RequestFault? {
        // A server that is not a proxy has only one form of target: a path. After the parser the forms cannot be
        // distinguished.
        guard head.uri.utf8.first == UInt8(ascii: "/") else { return .target }
        return hostFault(head) ?? bodyFault(head)
    }

    /// Checks the host (RFC 9112, 3.2).
    private static func hostFault(_ head: HTTPRequestHead) -> RequestFault? {
        let hosts = head.headers["host"]
        guard hosts.count <= 1 else { return .hosts }
        guard let host = hosts.first else { return head.version.minor == 0 ? nil : .noHost }
        return Origin.isValid(host) ? nil : .host
    }

    /// Checks the framing of the body (RFC 9112, 6.1 to 6.3).
    private static func bodyFault(_ head: HTTPRequestHead) -> RequestFault? {
        let lengths = head.headers["content-length"]
        let isLength = lengths.allSatisfy { text in
            (1...18).contains(text.utf8.count) && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
        }
        guard lengths.count <= 1, isLength else { return .length }
        guard head.headers.contains(name: "transfer-encoding") else { return nil }
        let codings = head.headers[canonicalForm: "transfer-encoding"].map { $0.lowercased() }
        guard codings.allSatisfy({ ["chunked", "identity", ""].contains($0) }) else { return .coding }
        return codings == ["chunked"] && lengths.isEmpty && head.version.minor != 0 ? nil : .framing
    }
}
