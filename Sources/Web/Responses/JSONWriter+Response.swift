import Caching
import Compression
import HTTPTypes
package import Hummingbird
import JSON
import NIOCore

extension JSONWriter {
    /// The written JSON as the answer to `request`.
    package func response(
        to request: Request, status: HTTPResponse.Status = .ok, mediaType: String = "application/json",
        vary: String = "Accept-Encoding"
    ) -> Response {
        buffer.response(to: request, status: status, mediaType: mediaType, vary: vary)
    }
}

extension ByteBuffer {
    /// The size below which text is not compressed.
    private static let shortestCompressed = 1024

    /// The text as the answer to `request`: compressed if it is long and the client accepts gzip, and 304 if the client
    /// has it already.
    package func response(
        to request: Request, status: HTTPResponse.Status = .ok, mediaType: String, vary: String
    ) -> Response {
        var headers: HTTPFields = [.cacheControl: "no-cache", .vary: vary]
        let isCompressed =
            readableBytes > Self.shortestCompressed
            && AcceptEncoding.prefersGzip(request.headers.combined(.acceptEncoding))
        if status == .ok, request.method == .get || request.method == .head {
            let tag = "\"\(ContentTag.of(self))\(isCompressed ? "-gzip" : "")\""
            headers[.eTag] = tag
            if EntityTag.isKnown(tag, ifNoneMatch: request.headers.combined(.ifNoneMatch)) {
                return Response(status: .notModified, headers: headers)
            }
        }
        headers[.contentType] = mediaType
        if isCompressed { headers[.contentEncoding] = "gzip" }
        return Response(
            status: status, headers: headers, body: .init(byteBuffer: isCompressed ? Gzip.compress(self) : self))
    }
}
