/// How requests arrive: through which proxies, under which path, and from pages of which origins.
package struct ArrivalPolicy: Sendable {
    package var trust = ProxyTrust.nobody
    package var basePath = BasePath.root
    package var crossOrigin = CrossOrigin.none

    package init() {}

    package init(trust: ProxyTrust, basePath: BasePath, crossOrigin: CrossOrigin) {
        self.trust = trust
        self.basePath = basePath
        self.crossOrigin = crossOrigin
    }
}
