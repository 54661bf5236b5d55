package import Limits

/// What clients may ask for; `nil` is no limit.
package struct RateLimits: Sendable {
    /// Of an address, for all who do not say who they are.
    package var address: RateLimit?
    /// Of a user or a key.
    package var account: RateLimit?
    /// Tiles of an address, which every server counts for itself.
    package var tiles: RateLimit?

    package init() {}

    /// - Parameters: Units a minute, 0 for no limit.
    package init(address: Int, account: Int, tiles: Int) {
        func limit(_ name: String, _ quota: Int) -> RateLimit? {
            quota > 0 ? RateLimit(name: name, quota: quota) : nil
        }
        self.address = limit("address", address)
        self.account = limit("account", account)
        self.tiles = limit("tiles", tiles)
    }
}
