import HTTPTypes
import Hummingbird
import NIOCore
import Tiles

extension JSONWriter {
    /// What was written, as the answer to `request`.
    func response(
        to request: Request, status: HTTPResponse.Status = .ok, mediaType: String = "application/json",
        vary: String = "Accept-Encoding"
    ) -> Response {
        buffer.response(to: request, status: status, mediaType: mediaType, vary: vary)
    }
}

extension ByteBuffer {
    /// Shorter texts are not worth the work of either side.
    private static let shortestCompressed = 1024

    /// The text as the answer to `request`, compressed if it is long and the client takes gzip.
    func response(
        to request: Request, status: HTTPResponse.Status = .ok, mediaType: String, vary: String
    ) -> Response {
        var headers: HTTPFields = [.contentType: mediaType, .cacheControl: "no-cache", .vary: vary]
        let isCompressed =
            readableBytes > Self.shortestCompressed
            && AcceptEncoding.prefersGzip(request.headers.combined(.acceptEncoding))
        if isCompressed { headers[.contentEncoding] = "gzip" }
        return Response(
            status: status, headers: headers, body: .init(byteBuffer: isCompressed ? Gzip.compress(self) : self))
    }
}
