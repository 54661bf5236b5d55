import HTTPTypes
import Hummingbird
import NIOCore
import Tiles

extension JSONWriter {
    /// Shorter texts are not worth the work of either side.
    private static let shortestCompressed = 1024

    /// What was written, as the answer to `request`: compressed if it is long and the client takes gzip, and 304 if the
    /// client has it already.
    func response(
        to request: Request, status: HTTPResponse.Status = .ok, mediaType: String = "application/json",
        vary: String = "Accept-Encoding"
    ) -> Response {
        var headers: HTTPFields = [.cacheControl: "no-cache", .vary: vary]
        let isCompressed =
            buffer.readableBytes > Self.shortestCompressed
            && AcceptEncoding.prefersGzip(request.headers.combined(.acceptEncoding))
        if status == .ok, request.method == .get || request.method == .head {
            let tag = "\"\(ContentTag.of(buffer))\(isCompressed ? "-gzip" : "")\""
            headers[.eTag] = tag
            if EntityTag.isKnown(tag, ifNoneMatch: request.headers.combined(.ifNoneMatch)) {
                return Response(status: .notModified, headers: headers)
            }
        }
        headers[.contentType] = mediaType
        if isCompressed { headers[.contentEncoding] = "gzip" }
        return Response(
            status: status, headers: headers, body: .init(byteBuffer: isCompressed ? Gzip.compress(buffer) : buffer))
    }
}
