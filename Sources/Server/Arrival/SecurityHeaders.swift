import HTTPTypes

/// Headers of every answer that keep a browser from guessing, from telling others and from coming back without TLS.
enum SecurityHeaders {
    static let fields: [(name: HTTPField.Name, value: String)] = [
        (.xContentTypeOptions, "nosniff"),
        (.referrerPolicy, "strict-origin-when-cross-origin"),
    ]

    /// What pages have besides: no other page shares their process, and they need nothing of the device.
    static let ofPages: [(name: HTTPField.Name, value: String)] = [
        (.crossOriginOpenerPolicy, "same-origin"),
        (.permissionsPolicy, "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ]

    /// Value of `Strict-Transport-Security`, for answers over TLS; without TLS it must not be sent (RFC 6797, 7.2).
    /// - Parameter age: How long a browser asks over TLS only; zero is not at all.
    static func strictTransport(for age: Duration) -> String? {
        age > .zero ? "max-age=\(age.components.seconds)" : nil
    }
}

extension HTTPField.Name {
    static let referrerPolicy = Self("Referrer-Policy")!
    static let crossOriginOpenerPolicy = Self("Cross-Origin-Opener-Policy")!
    static let permissionsPolicy = Self("Permissions-Policy")!
}
