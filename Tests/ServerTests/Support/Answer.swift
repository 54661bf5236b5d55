import Foundation
import Web

/// An answer as received.
struct Answer {
    let status: Int
    /// Names in lower case; the values of a repeated header joined by commas.
    let headers: [String: String]
    let body: Data

    /// - Parameter bytes: All bytes received on a connection that carried one request.
    init?(_ bytes: Data) {
        guard let end = bytes.range(of: Data("\r\n\r\n".utf8)) else { return nil }
        var lines = String(decoding: bytes[..<end.lowerBound], as: UTF8.self).components(separatedBy: "\r\n")
        let first = lines.removeFirst().split(separator: " ")
        guard first.count >= 2, let status = Int(first[1]) else { return nil }
        self.status = status
        headers = lines.reduce(into: [:]) { headers, line in
            guard let colon = line.firstIndex(of: ":") else { return }
            let value = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
            headers[line[..<colon].lowercased(), default: ""] +=
                headers[line[..<colon].lowercased()] == nil
                ? value : ", " + value
        }
        body = bytes[end.upperBound...]
    }

    var text: String { String(decoding: body, as: UTF8.self) }

    /// The body as `JSONSerialization` reads it.
    func json() throws -> [String: Any] {
        try JSONSerialization.jsonObject(with: unchunked()) as? [String: Any] ?? [:]
    }
}

extension Answer {
    /// Thrown when the connection ended before the body did.
    struct CutOff: Error {}

    /// The body of an answer whose length was not known when it began (RFC 9112, 7.1).
    ///
    /// - Throws: ``CutOff`` when the last chunk is missing.
    func unchunked() throws -> Data {
        guard headers["transfer-encoding"] == "chunked" else { return body }
        var rest = body
        var whole = Data()
        while let end = rest.firstRange(of: Data("\r\n".utf8)) {
            guard let length = Int(String(decoding: rest[..<end.lowerBound], as: UTF8.self), radix: 16) else { break }
            if length == 0 { return whole }
            let chunk = rest[end.upperBound...].prefix(length)
            guard chunk.count == length else { break }
            whole += chunk
            rest = rest[chunk.endIndex...].dropFirst(2)
        }
        throw CutOff()
    }
}
