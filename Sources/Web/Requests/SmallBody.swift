import Caching
import HTTPTypes
package import Hummingbird
import NIOCore
import NIOHTTPTypes

/// Reads a body that is not a file completely, before the request is handled.
package struct SmallBody {
    /// The largest size in bytes.
    package let longest: Int
    /// How long a client may take to send it.
    package let patience: Duration

    package init(longest: Int, patience: Duration) {
        self.longest = longest
        self.patience = patience
    }

    /// The request with its body read.
    /// - Throws: ``Problem`` 413 for a longer body, 408 when it does not come in time, and 400 when it cannot be read.
    package func read(_ request: Request, in context: some ArrivedContext) async throws -> Request {
        if let length = request.headers[.contentLength].flatMap(Int.init), length > longest { throw tooLarge }
        try await context.askForBody(of: request)
        do {
            let body = try await withDeadline(patience) { try await request.body.collect(upTo: longest) }
            return Request(head: request.head, body: .init(buffer: body))
        } catch is NIOTooManyBytesError {
            throw tooLarge
        } catch is DeadlineExceeded {
            throw Problem.tooSlow("The body did not arrive within \(Problem.wholeSeconds(patience)) s.")
        }
    }

    private var tooLarge: Problem {
        Problem(status: .contentTooLarge, detail: "The body is larger than \(longest) bytes.")
    }
}

extension Problem {
    /// Status 408, and the end of the connection, because reading the rest could take for ever.
    static func tooSlow(_ detail: String) -> Problem {
        Problem(status: .requestTimeout, detail: detail, headers: [.connection: "close"])
    }
}

extension ArrivedContext {
    /// Tells a client that waits for it to send its body (RFC 9110, 10.1.1). This is done where the body is read, so a
    /// client whose request is refused never sends it.
    func askForBody(of request: Request) async throws {
        guard request.headers[.expect] != nil else { return }
        try await channel.writeAndFlush(HTTPResponsePart.head(HTTPResponse(status: .continue)))
    }
}
