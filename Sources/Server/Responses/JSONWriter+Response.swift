import HTTPTypes
import Hummingbird
import NIOCore
import Tiles

extension JSONWriter {
    /// Shorter texts are not worth the work of either side.
    private static let shortestCompressed = 1024

    /// What was written, as the answer to `request`, compressed if it is long and the client takes gzip.
    func response(
        to request: Request, status: HTTPResponse.Status = .ok, mediaType: String = "application/json",
        vary: String = "Accept-Encoding"
    ) -> Response {
        var headers: HTTPFields = [.contentType: mediaType, .cacheControl: "no-cache", .vary: vary]
        let isCompressed =
            buffer.readableBytes > Self.shortestCompressed
            && AcceptEncoding.prefersGzip(request.headers.combined(.acceptEncoding))
        if isCompressed { headers[.contentEncoding] = "gzip" }
        return Response(
            status: status, headers: headers, body: .init(byteBuffer: isCompressed ? Gzip.compress(buffer) : buffer))
    }
}
