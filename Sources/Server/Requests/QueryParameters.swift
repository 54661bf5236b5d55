/// The query of a request, read parameter by parameter.
///
/// What is wrong is gathered, so that one answer names every fault: read all, then call ``check()``.
struct QueryParameters {
    /// The parameters of the route, in the order in which it lists them.
    let known: [String]
    private let values: [String: String]
    private(set) var faults: [Problem.Field]

    /// - Parameters:
    ///   - query: What follows the question mark, percent-encoded; a plus is a space, as browsers write it.
    ///   - known: The parameters of the route; any other is a fault, and so is one that is repeated.
    init(_ query: String?, known: [String]) {
        var values: [String: String] = [:]
        var faults: [Problem.Field] = []
        for pair in (query ?? "").split(separator: "&") {
            // A query of thousands is one that nobody wrote.
            if faults.count > Problem.mostErrors { break }
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = PercentEncoding.decode(parts[0], plusIsSpace: true),
                let value = PercentEncoding.decode(parts.count == 2 ? parts[1] : "", plusIsSpace: true)
            else {
                faults.append(.init(field: String(parts[0].prefix(64)), message: "is not percent-encoded UTF-8"))
                continue
            }
            if !known.contains(name) {
                let message = "is not a parameter of this address, which knows \(known.joined(separator: ", "))"
                faults.append(.init(field: String(name.prefix(64)), message: message))
            } else if value.utf8.contains(0) {
                // PostgreSQL's texts have none, and nobody means one.
                faults.append(.init(field: name, message: "has the character NUL in it"))
            } else if values.updateValue(value, forKey: name) != nil {
                faults.append(.init(field: name, message: "is given more than once"))
            }
        }
        self.known = known
        self.values = values
        self.faults = faults
    }

    /// A part of the path, read as a parameter is.
    /// - Parameter text: Percent-encoded, as the route found it.
    init(path name: String, _ text: Substring?) {
        known = [name]
        values = [name: text.flatMap { PercentEncoding.decode($0, plusIsSpace: false) } ?? ""]
        faults = []
    }

    /// - Throws: ``Problem`` 400 naming every parameter that was at fault.
    func check() throws(Problem) {
        if !faults.isEmpty { throw .badRequest(faults) }
    }

    mutating func reject(_ field: String, _ message: String) {
        faults.append(.init(field: field, message: message))
    }

    func text(_ name: String) -> String? {
        values[name]
    }

    /// The parameter as `parse` reads it; `nil` when it is absent or at fault, which is noted.
    mutating func parsed<Value>(_ name: String, _ expected: String, _ parse: (String) -> Value?) -> Value? {
        guard let text = values[name] else { return nil }
        if let value = parse(text) { return value }
        reject(name, "must be \(expected)")
        return nil
    }
}
