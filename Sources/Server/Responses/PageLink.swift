/// The address of the next page of a list.
struct PageLink {
    let origin: String
    let path: String
    /// In order; those without a value are left out.
    var parameters: [(name: String, value: String?)]

    /// - Parameter after: Where the next page begins.
    func text(after: String) -> String {
        let given = parameters.compactMap { parameter in parameter.value.map { (parameter.name, $0) } }
        let query = (given + [("after", after)]).map { "\($0)=\(PercentEncoding.encode($1))" }
        return "\(origin)\(path)?\(query.joined(separator: "&"))"
    }
}
