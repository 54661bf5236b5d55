/// The URL of the next page of a list.
package struct PageLink {
    package let origin: String
    package let path: String
    /// The parameters in order. Those without a value are left out.
    package var parameters: [(name: String, value: String?)]

    package init(origin: String, path: String, parameters: [(name: String, value: String?)]) {
        self.origin = origin
        self.path = path
        self.parameters = parameters
    }

    /// - Parameter after: The cursor of the page; `nil` for the first page.
    package func text(after: String?) -> String {
        let query = (parameters + [("after", after)]).compactMap { name, value in
            value.map { "\(PercentEncoding.encode(name))=\(PercentEncoding.encode($0))" }
        }
        return "\(origin)\(path)\(query.isEmpty ? "" : "?")\(query.joined(separator: "&"))"
    }
}

extension PageLink {
    /// The link to the page after one with these parameters.
    /// - Parameter resolved: Values that replace those given, or stand for those not given.
    package init(origin: String, path: String, parameters: QueryParameters, resolved: [String: String?]) {
        self.init(
            origin: origin, path: path,
            parameters: parameters.known.filter { $0 != "after" }.map { name in
                (name, resolved[name] ?? parameters.text(name))
            })
    }
}
