import CLibpq

/// Owns libpq's PGconn, which is closed with the last reference. Only the connection's actor holds one.
final class OwnedHandle {
    let handle: OpaquePointer

    init(_ handle: OpaquePointer) {
        self.handle = handle
    }

    deinit {
        PQfinish(handle)
    }

    /// The first line of libpq's message on the last failure.
    var lastError: String {
        let text = PQerrorMessage(handle).map { String(cString: $0) } ?? ""
        return text.split(whereSeparator: \.isNewline).first.map(String.init) ?? "no reason was given"
    }
}
