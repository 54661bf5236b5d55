/// The paths that can be read: those of GET routes, and those of the page's files.
package struct ServedPaths: Sendable {
    private struct Part: Hashable {
        /// The text of a segment; for a parameter, the text after it.
        let text: String
        let isParameter: Bool

        init(_ text: Substring) {
            isParameter = text.hasPrefix("{")
            self.text = String(isParameter ? text.drop { $0 != "}" }.dropFirst() : text)
        }

        func matches(_ part: Substring) -> Bool {
            isParameter ? part.hasSuffix(text) && part.utf8.count > text.utf8.count : part == text
        }
    }

    private let templates: [[Part]]
    private let inward: Set<String>
    private let files: StaticFiles?

    /// - Parameters:
    ///   - templates: Paths of the routes that know GET.
    ///   - inward: Paths for the operator, which are not served below a base path.
    package init(templates: some Sequence<String>, inward: Set<String> = [], files: StaticFiles?) {
        self.inward = inward
        self.templates = Set(templates).filter { !$0.hasSuffix("/**") }.map { $0.split(separator: "/").map(Part.init) }
        self.files = files
    }

    /// The canonical path of what is served at a path: usually the same path, but for a file possibly a shorter one,
    /// such as `/` for `/index.html`.
    /// - Returns: `nil` when nothing is served there.
    package func canonicalPath(of path: String) -> String? {
        if let canonical = files?.canonicalPath(of: path) { return canonical }
        let parts = path.split(separator: "/")
        let isRoute = templates.contains { template in
            template.count == parts.count && zip(template, parts).allSatisfy { $0.matches($1) }
        }
        return isRoute ? path : nil
    }

    /// Whether a canonical path is for the operator alone.
    func isInward(_ path: String) -> Bool { inward.contains(path) }

    /// The shorter path of a file that was requested by its file name; `nil` when there is none.
    func shorter(_ path: String) -> String? {
        files?.canonicalPath(of: path).flatMap { $0 == path ? nil : $0 }
    }
}
