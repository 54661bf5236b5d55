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
        return Response(status: status, headers: headers, body: .init(byteBuffer: json.buffer))
    }
}
