package import HTTPTypes
package import Hummingbird
import JSON
import NIOCore

extension Problem {
    /// The headers and body of the answer.
    package var content: (headers: HTTPFields, body: ByteBuffer) {
        var json = JSONWriter()
        json.object { json in
            json.field("type", "about:blank")
            json.field("title", status.reasonPhrase)
            json.field("status", status.code)
            json.field("detail", shownDetail)
            if !errors.isEmpty {
                json.array("errors", of: errors.prefix(Self.mostErrors)) { json, error in
                    json.object { json in
                        json.field("field", ShownText.of(error.field, upTo: Self.longestField))
                        json.field("message", ShownText.of(error.message, upTo: Self.longestMessage))
                    }
                }
            }
        }
        var headers = headers
        headers[.contentType] = "application/problem+json"
        headers[.cacheControl] = "no-store"
        return (headers, json.buffer)
    }

    /// The detail as it is sent.
    var shownDetail: String { ShownText.of(detail, upTo: Self.longestDetail) }

    package func response() -> Response {
        let (headers, body) = content
        return Response(status: status, headers: headers, body: .init(byteBuffer: body))
    }
}
