package import Yams

/// A fault of a feed file, with the line and the key that it is about.
package struct FeedFault: Error, Hashable, CustomStringConvertible {
    package let file: String
    /// Counted from 1.
    package let line: Int
    /// The fault and how to mend it, as a sentence without its full stop.
    package let problem: String

    package init(file: String, line: Int, problem: String) {
        self.file = file
        self.line = line
        self.problem = problem
    }

    package var description: String { "\(file):\(line): \(problem)" }
}

/// Keys with values in a feed file, each of which knows its line.
package struct FeedNode {
    package let file: String
    /// The dotted path of the keys above; empty at the top.
    package let path: String
    package let line: Int
    private let values: [(key: String, node: Node)]

    package init(_ node: Node, file: String, path: String = "") throws(FeedFault) {
        self.file = file
        self.path = path
        line = node.mark?.line ?? 1
        guard let mapping = node.mapping else {
            throw FeedFault(
                file: file, line: line,
                problem: path.isEmpty ? "a feed is keys with values" : "\(path): must be keys with values")
        }
        var values: [(key: String, node: Node)] = []
        for (key, value) in mapping {
            // A month such as 2024 or a truth such as `no` may be a key, so the text is taken as it is written.
            guard let name = key.scalar?.string, !name.isEmpty else {
                throw FeedFault(file: file, line: key.mark?.line ?? line, problem: "\(path): a key must be one text")
            }
            values.append((name, value))
        }
        self.values = values
    }

    package var keys: [String] { values.map(\.key) }

    /// - Throws: ``FeedFault`` that names a key which has no meaning here.
    package func refuseOthers(than known: [String]) throws(FeedFault) {
        for (key, node) in values where !known.contains(key) {
            throw FeedFault(
                file: file, line: node.mark?.line ?? line,
                problem: "\(dotted(key)): is not a key here; the keys are: \(known.joined(separator: ", "))")
        }
    }

    package func fault(_ key: String, _ problem: String) -> FeedFault {
        FeedFault(file: file, line: node(key)?.mark?.line ?? line, problem: "\(dotted(key)): \(problem)")
    }

    package func has(_ key: String) -> Bool { node(key) != nil }

    package func text(_ key: String) throws(FeedFault) -> String? {
        guard let node = node(key) else { return nil }
        guard let text = node.scalar?.string, !text.isEmpty else { throw fault(key, "must be one value") }
        return text
    }

    package func requiredText(_ key: String, _ meaning: String) throws(FeedFault) -> String {
        guard let text = try text(key) else { throw fault(key, "is missing: \(meaning)") }
        return text
    }

    package func integer(_ key: String, in range: ClosedRange<Int>) throws(FeedFault) -> Int? {
        guard let text = try text(key) else { return nil }
        guard let number = Int(text), range.contains(number) else {
            throw fault(key, "must be a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    package func number(_ key: String, in range: ClosedRange<Double>) throws(FeedFault) -> Double? {
        guard let text = try text(key) else { return nil }
        guard let number = Double(text), range.contains(number) else {
            throw fault(key, "must be a number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    package func flag(_ key: String) throws(FeedFault) -> Bool {
        switch try text(key) {
        case nil, "false": false
        case "true": true
        default: throw fault(key, "must be true or false")
        }
    }

    /// A list of texts, without repetitions; `nil` when the key is missing.
    package func texts(_ key: String) throws(FeedFault) -> [String]? {
        guard let node = node(key) else { return nil }
        let texts = node.sequence.map { $0.compactMap(\.scalar?.string) }
        guard let texts, !texts.isEmpty, texts.count == node.sequence?.count, texts.allSatisfy({ !$0.isEmpty }) else {
            throw fault(key, "must be a list of values")
        }
        guard Set(texts).count == texts.count else { throw fault(key, "has a value twice") }
        return texts
    }

    package func numbers(_ key: String) throws(FeedFault) -> [Double]? {
        guard let texts = node(key)?.sequence.map({ $0.compactMap(\.scalar?.string) }) else {
            if has(key) { throw fault(key, "must be a list of numbers") }
            return nil
        }
        let numbers = texts.compactMap { Double($0) }.filter(\.isFinite)
        guard numbers.count == texts.count, !numbers.isEmpty else { throw fault(key, "must be a list of numbers") }
        return numbers
    }

    package func child(_ key: String) throws(FeedFault) -> FeedNode? {
        guard let node = node(key) else { return nil }
        return try FeedNode(node, file: file, path: dotted(key))
    }

    /// A list of keys with values; empty when the key is missing.
    package func children(_ key: String) throws(FeedFault) -> [FeedNode] {
        guard let node = node(key) else { return [] }
        guard let sequence = node.sequence else { throw fault(key, "must be a list") }
        var nodes: [FeedNode] = []
        for node in sequence { nodes.append(try FeedNode(node, file: file, path: dotted(key))) }
        return nodes
    }

    package func node(_ key: String) -> Node? { values.first { $0.key == key }?.node }

    private func dotted(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }
}
