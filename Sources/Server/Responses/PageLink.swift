/// The address of the next page of a list.
struct PageLink {
    let origin: String
    let path: String
    /// In order; those without a value are left out.
    var parameters: [(name: String, value: String?)]

    /// - Parameter after: Where the page begins; `nil` is the first one.
    func text(after: String?) -> String {
        let query = (parameters + [("after", after)]).compactMap { name, value in
            value.map { "\(name)=\(PercentEncoding.encode($0))" }
        }
        return "\(origin)\(path)\(query.isEmpty ? "" : "?")\(query.joined(separator: "&"))"
    }
}

extension PageLink {
    /// The page after one that was asked for by these parameters.
    /// - Parameter resolved: Values that stand in place of those given, or of those not given.
    init(origin: String, path: String, parameters: QueryParameters, resolved: [String: String?]) {
        self.init(
            origin: origin, path: path,
            parameters: parameters.known.filter { $0 != "after" }.map { name in
                (name, resolved[name] ?? parameters.text(name))
            })
    }
}
