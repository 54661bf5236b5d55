/// Settings for arriving requests: the trusted proxies, the base path, and the origins whose pages may send requests.
package struct ArrivalPolicy: Sendable {
    package var trust = ProxyTrust.nobody
    package var basePath = BasePath.root
    package var crossOrigin = CrossOrigin.none
    /// How long browsers that came over TLS must return over TLS only; zero to send no such header.
    package var strictTransport = Duration.zero

    package init() {}

    package init(
        trust: ProxyTrust, basePath: BasePath, crossOrigin: CrossOrigin, strictTransport: Duration = .zero
    ) {
        self.trust = trust
        self.basePath = basePath
        self.crossOrigin = crossOrigin
        self.strictTransport = strictTransport
    }
}
