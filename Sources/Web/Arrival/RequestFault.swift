import HTTPTypes
import Hummingbird

/// A fault in a request as an HTTP message, whatever it asks for. The handlers of the connection find it and pass it on
/// in a header of their own, so that it is answered, counted and logged like everything else.
enum RequestFault: String {
    case unreadable
    case headTooLarge
    case target
    case host
    case hosts
    case noHost
    case framing
    case coding
    case length
    case expectation

    /// The fault found by the connection's handlers, or an expectation that this server cannot meet.
    init?(_ request: Request) {
        if let found = request.headers[.requestFault] {
            self = Self(rawValue: found) ?? .unreadable
        } else if let expected = request.headers.combined(.expect), !Self.canBeMet(expected) {
            self = .expectation
        } else {
            return nil
        }
    }

    /// Whether every expectation in a list is the one that this server can meet. A list may name it twice and may have
    /// empty elements (RFC 9110, 5.6.1.2).
    private static func canBeMet(_ expectations: String) -> Bool {
        expectations.lowercased().split { $0 == "," || $0 == " " || $0 == "\t" }.allSatisfy { $0 == "100-continue" }
    }

    /// The answer. After such a message the connection ends, because what follows it may be misread too.
    var problem: Problem {
        Problem(status: status, detail: detail, headers: [.connection: "close"])
    }

    private var status: HTTPResponse.Status {
        switch self {
        case .headTooLarge: .requestHeaderFieldsTooLarge
        case .target: .notFound
        case .coding: .notImplemented
        case .expectation: .expectationFailed
        default: .badRequest
        }
    }

    private var detail: String {
        switch self {
        case .unreadable: "The request is not HTTP/1.1: its first line or a header cannot be read."
        case .headTooLarge: "The head of the request is larger than 80 kB, or has more than 1000 headers."
        case .target: "There is nothing at this URL: the request's target must be a path."
        case .host: "The Host header must name a host, with or without a port."
        case .hosts: "The request names more than one host: send one Host header."
        case .noHost: "The request names no host: send a Host header."
        case .framing: "The Transfer-Encoding must be only chunked, in HTTP/1.1, and without a Content-Length."
        case .coding: "The only supported Transfer-Encoding is chunked."
        case .length: "The Content-Length must be one number of bytes."
        case .expectation: "The only supported expectation is 100-continue."
        }
    }
}

extension HTTPField.Name {
    /// A field of this name that a client sends is ignored.
    static let requestFault = Self("Hextant-Request-Fault")!
}
