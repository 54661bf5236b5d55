/// The destination of a request, decided from its path alone before the router sees it.
enum Destination: Equatable {
    /// A route, given by a canonical path without the base path.
    case route(String)
    /// A redirect to the canonical spelling of the path, which can be read; with the base path.
    case moved(String)
    case nowhere

    /// - Parameters:
    ///   - path: The path as it was sent, without the query.
    ///   - basePath: The prefix that a path may have; a proxy may have removed it.
    init(_ path: String, basePath: BasePath, served: ServedPaths) {
        let isUnderBase = basePath.begins(path)
        let rest = isUnderBase ? String(path.dropFirst(basePath.text.count)) : path
        let base = isUnderBase ? basePath.text : ""
        switch PathSpelling(rest) {
        case .impossible: self = .nowhere
        case .canonical:
            if !isUnderBase, rest == basePath.text {
                // Relative URLs of the page need a slash after the base path.
                self = .moved("\(rest)/")
            } else {
                self = Self.canonical(rest, base, served)
            }
        // A path for the operator alone has one spelling, so that a proxy that hides it need not decode anything.
        case .escaped(let path) where !served.isInward(path):
            self.init(base + path, basePath: basePath, served: served)
        case .escaped(let path), .other(let path):
            if !isUnderBase, path == basePath.text || basePath.begins(path) {
                let inner = String(path.dropFirst(basePath.text.count))
                self = Self.moved(inner.isEmpty ? "/" : inner, basePath.text, served)
            } else {
                self = Self.moved(path, base, served)
            }
        }
    }

    private static func canonical(_ path: String, _ base: String, _ served: ServedPaths) -> Self {
        // Everything public is under the base path, also when a proxy removes it.
        guard base.isEmpty || !served.isInward(path) else { return .nowhere }
        return served.shorter(path).map { .moved(base + $0) } ?? .route(path)
    }

    private static func moved(_ path: String, _ base: String, _ served: ServedPaths) -> Self {
        guard base.isEmpty || !served.isInward(path) else { return .nowhere }
        return served.canonicalPath(of: path).map { .moved(base + $0) } ?? .nowhere
    }
}
