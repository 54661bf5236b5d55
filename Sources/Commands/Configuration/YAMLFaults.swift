import Foundation
import Yams

/// The faults of a YAML file, each with its line, so that all of them can be mended at once.
struct YAMLFaults {
    private let path: String
    private var found: [(line: Int, text: String)] = []

    init(_ path: String) { self.path = path }

    var isEmpty: Bool { found.isEmpty }

    /// The faults in the order of their lines, as `FILE:LINE: TEXT`.
    var lines: [String] {
        found.enumerated().sorted { ($0.element.line, $0.offset) < ($1.element.line, $1.offset) }
            .map { "\(path):\($0.element.line): \($0.element.text)" }
    }

    mutating func add(_ node: Node?, _ text: String) { add(line: node?.mark?.line ?? 1, text) }

    mutating func add(line: Int, _ text: String) { found.append((line, text)) }

    /// Adds a key that does not exist, with the one that was probably meant.
    /// - Parameters:
    ///   - what: A name for what the key is not, such as `a setting`.
    ///   - all: The same for all of them.
    mutating func addUnknown(_ key: Node, _ what: String, _ all: String, _ known: [String]) {
        let name = key.string ?? "?"
        let meant = Nearest.word(to: name, among: known).map { "; did you mean \"\($0)\"?" } ?? ""
        add(key, "\"\(name)\" is not \(what)\(meant); \(all) are: \(known.joined(separator: ", "))")
    }

    /// The content of a YAML file; `nil` for an empty one.
    /// - Parameter what: Words for the file, to put before its path, such as `the schedules in`.
    /// - Throws: ``YAMLFault`` when it cannot be read or is not YAML.
    static func root(of path: String, _ what: String? = nil) throws(YAMLFault) -> Node? {
        guard let data = FileManager.default.contents(atPath: path),
            let text = String(validating: data, as: UTF8.self)
        else { throw YAMLFault("cannot read \(what.map { "\($0) " } ?? "")\(path)") }
        return try root(text, path: path)
    }

    /// - Throws: ``YAMLFault`` when the text is not YAML.
    static func root(_ text: String, path: String) throws(YAMLFault) -> Node? {
        do {
            return try Yams.compose(yaml: text)
        } catch let error as YamlError {
            throw YAMLFault(error, path)
        } catch {
            throw YAMLFault("\(path) is not YAML: \(error)")
        }
    }
}

/// A file that is not YAML, in one line.
struct YAMLFault: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }

    fileprivate init(_ error: YamlError, _ path: String) {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            self.init("\(path) is not YAML: \(mark): \(problem)")
        case .duplicatedKeysInMapping(let duplicates, let context):
            let keys = duplicates.map { "\"\($0)\"" }.joined(separator: ", ")
            self.init("\(path):\(context.mark.line): the key \(keys) occurs twice")
        default: self.init("\(path) is not YAML: \(error)")
        }
    }
}

/// An error that is told in one or more lines.
protocol SeveralLines {
    var lines: [String] { get }
}

extension SeveralLines where Self: CustomStringConvertible {
    var description: String { lines.joined(separator: "\n") }
}
