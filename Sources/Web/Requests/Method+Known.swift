package import HTTPTypes

extension HTTPRequest.Method {
    /// Methods that routes may answer to or refuse by name. A client may send any other word as one.
    package static let known: [Self] = [
        .get, .head, .post, .put, .patch, .delete, .options, .trace, .connect, Self("QUERY")!,
    ]
}
