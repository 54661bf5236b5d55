import Yams

/// A YAML mapping that knows its place, so that every message can name the file, line and key.
struct MappingNode {
    let file: String
    /// The dotted path of the keys above, empty at the top.
    let path: String
    let line: Int?
    private let mapping: Node.Mapping

    /// - Parameter keys: The keys that have a meaning here. Any other key is refused.
    init(_ node: Node, file: String, path: String, keys: [String]) throws(FeedError) {
        self.file = file
        self.path = path
        line = node.mark?.line
        guard let mapping = node.mapping else {
            let what = path.isEmpty ? "a mapping" : "\(path):"
            throw FeedError(.mapping, file: file, line: node.mark?.line, "\(what) must be keys with values")
        }
        self.mapping = mapping
        for (key, _) in mapping {
            let name = key.string ?? ""
            guard !keys.contains(name) else { continue }
            throw FeedError(
                .mapping, file: file, line: key.mark?.line,
                "\(dotted(name)): is not a key of a mapping; known here are: \(keys.joined(separator: ", "))")
        }
    }

    func error(_ key: String, _ problem: String) -> FeedError {
        let node = key.isEmpty ? nil : mapping[key]
        return FeedError(.mapping, file: file, line: node?.mark?.line ?? line, "\(dotted(key)): \(problem)")
    }

    func has(_ key: String) -> Bool { mapping[key] != nil }

    func line(of key: String) -> Int? { mapping[key]?.mark?.line ?? line }

    /// The value of a key as it is written; nil when the key is missing.
    func text(_ key: String) throws(FeedError) -> String? {
        guard let node = mapping[key] else { return nil }
        guard let text = node.scalar?.string, !text.isEmpty else { throw error(key, "must be one value") }
        // A proposal says so where it lacks something, and some of the words would pass for a value, such as a name of
        // a reference system.
        guard text != "TODO" else { throw error(key, "still says TODO") }
        return text
    }

    func requiredText(_ key: String) throws(FeedError) -> String {
        guard let text = try text(key) else { throw error(key, "is missing") }
        return text
    }

    func flag(_ key: String) throws(FeedError) -> Bool {
        switch try text(key) {
        case nil, "false": false
        case "true": true
        default: throw error(key, "must be true or false")
        }
    }

    func texts(_ key: String) throws(FeedError) -> [String]? {
        guard let node = mapping[key] else { return nil }
        let texts = node.sequence.map { $0.compactMap(\.scalar?.string) }
        guard let texts, !texts.isEmpty, texts.count == node.sequence?.count else {
            throw error(key, "must be a list of values")
        }
        return texts
    }

    /// The value of a key as pairs of texts, in the order of the file.
    func pairs(_ key: String) throws(FeedError) -> [(key: String, value: String)]? {
        guard let node = mapping[key] else { return nil }
        guard let pairs = node.mapping, !pairs.isEmpty else { throw error(key, "must be keys with values") }
        var texts: [(key: String, value: String)] = []
        for (name, value) in pairs {
            guard let name = name.scalar?.string, let value = value.scalar?.string else {
                throw error(key, "must be keys with single values")
            }
            texts.append((name, value))
        }
        return texts
    }

    func isList(_ key: String) -> Bool { mapping[key]?.sequence != nil }

    func isScalar(_ key: String) -> Bool { mapping[key]?.scalar != nil }

    /// A list of mappings; empty when the key is missing.
    func nodes(_ key: String, keys: [String]) throws(FeedError) -> [MappingNode] {
        guard let node = mapping[key] else { return [] }
        guard let sequence = node.sequence else { throw error(key, "must be a list") }
        var nodes: [MappingNode] = []
        for node in sequence { nodes.append(try MappingNode(node, file: file, path: dotted(key), keys: keys)) }
        return nodes
    }

    func node(_ key: String, keys: [String]) throws(FeedError) -> MappingNode? {
        guard let node = mapping[key] else { return nil }
        return try MappingNode(node, file: file, path: dotted(key), keys: keys)
    }

    func requiredNode(_ key: String, keys: [String]) throws(FeedError) -> MappingNode {
        guard let node = try node(key, keys: keys) else { throw error(key, "is missing") }
        return node
    }

    /// A column; a list names one that has other names in other files.
    func column(_ key: String) throws(FeedError) -> Mapping.Column? {
        if isList(key), let names = try texts(key) {
            return Mapping.Column(
                name: names[0], otherNames: Array(names.dropFirst()), key: dotted(key), line: line(of: key))
        }
        guard let name = try text(key) else { return nil }
        return Mapping.Column(name: name, key: dotted(key), line: line(of: key))
    }

    /// A list of columns; empty when the key is missing.
    func columns(_ key: String) throws(FeedError) -> [Mapping.Column] {
        try texts(key)?.map { Mapping.Column(name: $0, key: dotted(key), line: line(of: key)) } ?? []
    }

    func requiredColumn(_ key: String) throws(FeedError) -> Mapping.Column {
        guard let column = try column(key) else { throw error(key, "is missing; it must name a column of the file") }
        return column
    }

    private func dotted(_ key: String) -> String {
        if path.isEmpty { return key }
        return key.isEmpty ? path : "\(path).\(key)"
    }
}
