/// Paths that clients of older systems keep: `/api/v1/x` and `/api/x` are the route `/v1/x`.
enum AliasPath {
    private static let versioned = "/api/v1/"
    private static let bare = "/api/"
    private static let own = "/v1/"

    /// The path of the route that a canonical path means.
    static func route(_ path: String) -> String {
        if path.hasPrefix(versioned) { return own + path.dropFirst(versioned.count) }
        if path.hasPrefix(bare) { return own + path.dropFirst(bare.count) }
        return path
    }
}
