package import HTTPTypes

/// Headers of every answer that keep browsers from guessing types, leaking URLs and returning without TLS.
package enum SecurityHeaders {
    package static let fields: [(name: HTTPField.Name, value: String)] = [
        (.xContentTypeOptions, "nosniff"),
        (.referrerPolicy, "strict-origin-when-cross-origin"),
    ]

    /// Further headers of pages: no other page shares their process, and they use nothing of the device.
    package static let ofPages: [(name: HTTPField.Name, value: String)] = [
        (.crossOriginOpenerPolicy, "same-origin"),
        (.permissionsPolicy, "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ]

    /// The value of `Strict-Transport-Security` for answers over TLS; without TLS it must not be sent (RFC 6797, 7.2).
    /// - Parameter age: How long browsers must use TLS only; zero to send no header.
    package static func strictTransport(for age: Duration) -> String? {
        age > .zero ? "max-age=\(age.components.seconds)" : nil
    }
}

extension HTTPField.Name {
    static let referrerPolicy = Self("Referrer-Policy")!
    static let crossOriginOpenerPolicy = Self("Cross-Origin-Opener-Policy")!
    static let permissionsPolicy = Self("Permissions-Policy")!
}
