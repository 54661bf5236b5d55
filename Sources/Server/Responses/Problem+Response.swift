import HTTPTypes
import Hummingbird
import NIOCore

extension Problem {
    /// Headers and body of the answer.
    var content: (headers: HTTPFields, body: ByteBuffer) {
        var json = JSONWriter()
        json.object { json in
            json.field("type", "about:blank")
            json.field("title", status.reasonPhrase)
            json.field("status", status.code)
            json.field("detail", detail)
            if !errors.isEmpty {
                json.array("errors", of: errors) { json, error in
                    json.object { json in
                        json.field("field", error.field)
                        json.field("message", error.message)
                    }
                }
            }
        }
        var headers = headers
        headers[.contentType] = "application/problem+json"
        headers[.cacheControl] = "no-store"
        return (headers, json.buffer)
    }

    func response() -> Response {
        let (headers, body) = content
        guard headers[.connection] == "close" else {
            return Response(status: status, headers: headers, body: .init(byteBuffer: body))
        }
        // The rest of the request would be read however long it takes; an error behind the answer ends the connection.
        let last = ResponseBody(contentLength: body.readableBytes) { writer in
            try await writer.write(body)
            try await writer.finish(nil)
            throw ConnectionGivenUp()
        }
        return Response(status: status, headers: headers, body: last)
    }
}

private struct ConnectionGivenUp: Error {}
