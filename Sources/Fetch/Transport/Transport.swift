package import NIOCore

/// The status and header fields of an answer.
package struct AnswerHead: Hashable, Sendable {
    package let status: Int
    /// Values by lower-case names. Those of fields that occur several times are joined by commas.
    private let fields: [String: String]

    package init(status: Int, headers: some Sequence<(String, String)>) {
        self.status = status
        var fields: [String: String] = [:]
        for (name, value) in headers {
            let name = name.lowercased()
            fields[name] = fields[name].map { "\($0), \(value)" } ?? value
        }
        self.fields = fields
    }

    /// The value of a field; its name is compared without case.
    package subscript(name: String) -> String? { fields[name.lowercased()] }

    /// `ETag` or `Last-Modified`, if it can be sent back: up to 512 bytes of printable ASCII. With any other one the
    /// next request could not be sent at all.
    package func validator(_ name: String) -> String? {
        guard let value = self[name], !value.isEmpty, value.utf8.count <= 512,
            value.utf8.allSatisfy({ (0x20...0x7E).contains($0) })
        else { return nil }
        return value
    }

    /// The media type in lower case, without its parameters; empty when there is none.
    package var mediaType: String {
        let type = self["content-type"]?.prefix { $0 != ";" } ?? ""
        return String(type.filter { $0 != " " }).lowercased()
    }
}

/// A request as it goes to one address. It holds secrets in plain text, so it describes itself by its host alone.
package struct WireRequest: Sendable, CustomStringConvertible, CustomReflectable {
    package let method: FetchRequest.Method
    package let url: String
    /// The host of the URL, which the certificate must be for.
    package let host: String
    /// The address to connect to.
    package let address: IPAddress
    package let headers: [(name: String, value: String)]
    package let form: String?

    package var description: String { "\(method.rawValue) to \(host) at \(address)" }
    package var customMirror: Mirror { Mirror(self, children: ["host": host]) }
}

/// An answer whose body has not been read yet.
package struct WireAnswer: Sendable {
    package typealias Body = any AsyncSequence<ByteBuffer, any Error> & Sendable

    package let head: AnswerHead
    /// The body without its transport encoding. It throws ``TransportFault``.
    package let body: Body

    package init(head: AnswerHead, body: Body) {
        self.head = head
        self.body = body
    }
}

/// Why a transport brought no whole answer.
package enum TransportFault: Error, Hashable {
    /// No connection could be made.
    case connect(String)
    case certificate(String)
    case timeout
    /// The connection ended before the answer did, or what came is not HTTP.
    case cutShort(String)
}

/// A carrier of requests.
package protocol Transport: Sendable {
    /// Sends a request and waits for the head of its answer.
    /// - Throws: ``TransportFault``, and `CancellationError`.
    func send(_ request: WireRequest) async throws -> WireAnswer
}
