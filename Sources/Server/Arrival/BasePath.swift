/// The path under which clients reach the server, where a proxy gives it one.
package struct BasePath: Hashable, Sendable {
    package static let root = BasePath()

    /// Empty for the root, else with a slash before and none behind.
    package let text: String

    private init() { text = "" }

    /// - Parameter text: Parts of letters, digits, `-`, `_`, `.` and `~`, each after a slash; `/` is the root.
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

    /// An address without the base path; the address itself when it has none, for a proxy may have taken it off.
    /// - Parameter target: Path and query.
    func stripped(_ target: String) -> String {
        begins(target) ? String(target.dropFirst(text.count)) : target
    }

    /// Whether an address begins with the base path and a slash.
    func begins(_ path: String) -> Bool {
        !text.isEmpty && path.hasPrefix(text) && path.utf8.dropFirst(text.utf8.count).first == 0x2f
    }
}
