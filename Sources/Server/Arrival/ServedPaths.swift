/// The paths that can be read here: those of the routes for GET, and those of the page's files.
struct ServedPaths: Sendable {
    private struct Part: Hashable {
        /// Text of the part; of a parameter, what stands behind it.
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
    private let files: StaticFiles?

    /// - Parameter templates: Paths of the routes that know GET.
    init(templates: some Sequence<String>, files: StaticFiles?) {
        self.templates = Set(templates).filter { !$0.hasSuffix("/**") }.map { $0.split(separator: "/").map(Part.init) }
        self.files = files
    }

    /// The one address of what is at a canonical path, which is the path itself unless it is that of a file that has
    /// another: `/index.html` is `/`.
    /// - Returns: `nil` when there is nothing.
    func address(of path: String) -> String? {
        if let address = files?.address(of: path) { return address }
        let parts = path.split(separator: "/")
        let isRoute = templates.contains { template in
            template.count == parts.count && zip(template, parts).allSatisfy { $0.matches($1) }
        }
        return isRoute ? path : nil
    }

    /// The address of a file that was asked for by its own name, if that is another.
    func shorter(_ path: String) -> String? {
        files?.address(of: path).flatMap { $0 == path ? nil : $0 }
    }
}
