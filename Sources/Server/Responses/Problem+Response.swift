import HTTPTypes
import Hummingbird

extension Problem {
    func response() -> Response {
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
        guard headers[.connection] == "close" else {
            return Response(status: status, headers: headers, body: .init(byteBuffer: json.buffer))
        }
        // The rest of the request would be read however long it takes; an error behind the answer ends the connection.
        let body = ResponseBody(contentLength: json.buffer.readableBytes) { [buffer = json.buffer] writer in
            try await writer.write(buffer)
            try await writer.finish(nil)
            throw ConnectionGivenUp()
        }
        return Response(status: status, headers: headers, body: body)
    }
}

private struct ConnectionGivenUp: Error {}
