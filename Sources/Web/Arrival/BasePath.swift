/// The path under which clients reach the server when a proxy puts it there.
package struct BasePath: Hashable, Sendable {
    package static let root = BasePath()

    /// The path with a slash at the start and none at the end; empty for the root.
    package let text: String

    private init() { text = "" }

    /// - Parameter text: Segments of letters, digits, `-`, `_`, `.` and `~`, each after a slash; `/` is the root.
    package init?(_ text: String) {
        guard text != "/" else {
            self = .root
            return
        }
        guard text.utf8.count <= 200, text.wholeMatch(of: /(\/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)+/) != nil else {
            return nil
        }
        self.text = text
    }

    /// A target without the base path, or unchanged when it has none, because a proxy may have removed it.
    /// - Parameter target: The path and query.
    package func stripped(_ target: String) -> String {
        begins(target) ? String(target.dropFirst(text.count)) : target
    }

    /// Whether a path begins with the base path and a slash.
    package func begins(_ path: String) -> Bool {
        !text.isEmpty && path.hasPrefix(text) && path.utf8.dropFirst(text.utf8.count).first == 0x2f
    }
}
