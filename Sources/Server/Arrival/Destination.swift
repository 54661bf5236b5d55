/// Where a request goes: decided from its path alone, before any route sees it.
enum Destination: Equatable {
    /// To the routes, by a canonical path without the base path.
    case route(String)
    /// Its path is another spelling of this one, which can be read; with the base path.
    case moved(String)
    case nowhere

    /// - Parameters:
    ///   - path: As it was sent, without a query.
    ///   - basePath: What a path may begin with; a proxy may have taken it off.
    init(_ path: String, basePath: BasePath, served: ServedPaths) {
        let isUnderBase = basePath.begins(path)
        let rest = isUnderBase ? String(path.dropFirst(basePath.text.count)) : path
        let base = isUnderBase ? basePath.text : ""
        switch PathSpelling(rest) {
        case .impossible: self = .nowhere
        case .canonical:
            if !isUnderBase, rest == basePath.text {
                // To it the relative addresses of the page need a slash.
                self = .moved("\(rest)/")
            } else if isUnderBase, rest == MetricsRoute.path {
                // Under a base path is what the public may reach, also through a proxy that takes a base path off.
                self = .nowhere
            } else {
                self = served.shorter(rest).map { .moved(base + $0) } ?? .route(rest)
            }
        case .other(let path) where !isUnderBase && (path == basePath.text || basePath.begins(path)):
            let inner = String(path.dropFirst(basePath.text.count))
            self = Self.moved(inner.isEmpty ? "/" : inner, basePath.text, served)
        case .other(let path): self = Self.moved(path, base, served)
        }
    }

    private static func moved(_ path: String, _ base: String, _ served: ServedPaths) -> Self {
        guard base.isEmpty || path != MetricsRoute.path else { return .nowhere }
        return served.address(of: path).map { .moved(base + $0) } ?? .nowhere
    }
}
