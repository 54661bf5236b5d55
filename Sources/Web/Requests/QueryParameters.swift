/// The parameters of a request, in its query and its path, parsed one by one.
///
/// Faults are collected, so that one answer names all of them: parse every parameter, then call ``check()``.
package struct QueryParameters {
    /// The names of the route's parameters in the query, in the order of its description.
    package let known: [String]
    private let values: [String: String]
    package private(set) var faults: [Problem.Field]

    /// - Parameters:
    ///   - query: The text after the question mark, percent-encoded. A plus is a space, as browsers write it.
    ///   - known: The names of the route's parameters in the query. Any other one is a fault, and so is a repeated one.
    ///   - path: The parameters of the path, percent-encoded, as the router found them.
    package init(_ query: String?, known: [String], path: [(key: Substring, value: Substring)] = []) {
        var values: [String: String] = [:]
        var faults: [Problem.Field] = []
        for pair in (query ?? "").split(separator: "&") {
            // Nobody writes a query of thousands of parameters.
            if faults.count > Problem.mostErrors { break }
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = PercentEncoding.decode(parts[0], plusIsSpace: true),
                let value = PercentEncoding.decode(parts.count == 2 ? parts[1] : "", plusIsSpace: true)
            else {
                faults.append(.init(field: String(parts[0].prefix(64)), message: "is not percent-encoded UTF-8"))
                continue
            }
            if !known.contains(name) {
                let message =
                    known.isEmpty
                    ? "is not a parameter of this path, which has none"
                    : "is not a parameter of this path; its parameters are: \(known.joined(separator: ", "))"
                faults.append(.init(field: String(name.prefix(64)), message: message))
            } else if value.utf8.contains(0) {
                // A text in PostgreSQL cannot hold NUL, and nobody needs one.
                faults.append(.init(field: name, message: "contains the character NUL"))
            } else if values.updateValue(value, forKey: name) != nil {
                faults.append(.init(field: name, message: "is given more than once"))
            }
        }
        for (name, text) in path {
            values[String(name)] = PercentEncoding.decode(text, plusIsSpace: false) ?? ""
        }
        self.known = known
        self.values = values
        self.faults = faults
    }

    /// - Throws: ``Problem`` 400 that names every invalid parameter.
    package func check() throws(Problem) {
        if !faults.isEmpty { throw .badRequest(faults) }
    }

    package mutating func reject(_ field: String, _ message: String) {
        faults.append(.init(field: field, message: message))
    }

    package func text(_ name: String) -> String? {
        values[name]
    }

    /// The parameter as parsed by `parse`; `nil` when it is absent or invalid. A fault is collected.
    package mutating func parsed<Value>(_ name: String, _ expected: String, _ parse: (String) -> Value?) -> Value? {
        guard let text = values[name] else { return nil }
        if let value = parse(text) { return value }
        reject(name, "must be \(expected)")
        return nil
    }
}
