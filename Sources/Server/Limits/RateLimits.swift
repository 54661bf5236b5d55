package import Limits

/// The rate limits of clients; `nil` means no limit.
package struct RateLimits: Sendable {
    /// The limit of a client address, for requests without credentials.
    package var address: RateLimit?
    /// The limit of a user or API key.
    package var account: RateLimit?
    /// The limit of tiles for a client address, which every server counts for itself.
    package var tiles: RateLimit?

    package init() {}

    /// - Parameters: The units a minute; 0 for no limit.
    package init(address: Int, account: Int, tiles: Int) {
        func limit(_ name: String, _ quota: Int) -> RateLimit? {
            quota > 0 ? RateLimit(name: name, quota: quota) : nil
        }
        self.address = limit("address", address)
        self.account = limit("account", account)
        self.tiles = limit("tiles", tiles)
    }
}
