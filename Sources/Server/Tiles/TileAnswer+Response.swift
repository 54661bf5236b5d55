import HTTPTypes
import Hummingbird

extension TileAnswer {
    func response() -> Response {
        var headers = HTTPFields()
        for (name, value) in fields { headers[name] = value }
        return Response(status: status, headers: headers, body: body.map { .init(byteBuffer: $0) } ?? .init())
    }
}
