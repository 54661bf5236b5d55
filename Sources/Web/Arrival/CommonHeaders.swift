package import HTTPTypes

/// The headers that every answer of a server has. Nothing else writes them.
package struct CommonHeaders: Sendable {
    private let strictTransport: String?
    private let crossOrigin: CrossOrigin

    package init(_ policy: ArrivalPolicy) {
        // Without TLS it must not be sent (RFC 6797, 7.2).
        strictTransport =
            policy.strictTransport > .zero ? "max-age=\(policy.strictTransport.components.seconds)" : nil
        crossOrigin = policy.crossOrigin
    }

    /// Keep browsers from guessing types and leaking URLs.
    private static let security: [(name: HTTPField.Name, value: String)] = [
        (.xContentTypeOptions, "nosniff"),
        (.referrerPolicy, "strict-origin-when-cross-origin"),
    ]

    /// Writes the headers of one answer.
    /// - Parameters:
    ///   - id: The id of the request.
    ///   - origin: The `Origin` of the request.
    ///   - isSecure: Whether the client uses TLS.
    ///   - write: Called with each header. `Vary` may come although the answer has one, and then adds to it.
    package func write(
        id: String, origin: String?, isSecure: Bool, _ write: (_ name: HTTPField.Name, _ value: String) -> Void
    ) {
        for (name, value) in Self.security { write(name, value) }
        if isSecure, let strictTransport { write(.strictTransportSecurity, strictTransport) }
        for (name, value) in crossOrigin.fields(for: origin) { write(name, value) }
        write(.requestID, id)
    }

    /// Further headers of pages: no other page shares their process, and they use nothing of the device.
    package static let ofPages: [(name: HTTPField.Name, value: String)] = [
        (.crossOriginOpenerPolicy, "same-origin"),
        (.permissionsPolicy, "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ]
}

extension HTTPField.Name {
    static let referrerPolicy = Self("Referrer-Policy")!
    static let crossOriginOpenerPolicy = Self("Cross-Origin-Opener-Policy")!
    static let permissionsPolicy = Self("Permissions-Policy")!
}

/// The header `Server` of every answer.
package enum ServerName {
    package static let text = "hextant"
}
