/// How requests arrive: through which proxies, under which path, and from pages of which origins.
package struct ArrivalPolicy: Sendable {
    package var trust = ProxyTrust.nobody
    package var basePath = BasePath.root
    package var crossOrigin = CrossOrigin.none
    /// How long a browser that was answered over TLS comes back over TLS only; zero is not said.
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
