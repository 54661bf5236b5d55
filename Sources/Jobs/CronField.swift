/// One of the five fields of a cron expression.
struct CronField: Hashable, Sendable {
    enum Kind: String, CaseIterable {
        case minute
        case hour
        case dayOfMonth = "day of month"
        case month
        case dayOfWeek = "day of week"

        /// The allowed values; 7 is Sunday too.
        var range: ClosedRange<Int> {
            switch self {
            case .minute: 0...59
            case .hour: 0...23
            case .dayOfMonth: 1...31
            case .month: 1...12
            case .dayOfWeek: 0...7
            }
        }

        var names: [String] {
            switch self {
            case .month:
                ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
            case .dayOfWeek: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]
            default: []
            }
        }
    }

    /// The matching values, ascending.
    let values: [Int]
    /// Whether the text begins with `*`, alone or with a step.
    let beginsWithStar: Bool
    /// Whether the text is `*` alone.
    let isEvery: Bool

    /// Parses `*`, numbers, names, ranges `a-b`, steps `*/n` and `a-b/n`, and lists of these with commas.
    init(_ text: Substring, _ kind: Kind) throws(CronError) {
        var values: Set<Int> = []
        for item in text.split(separator: ",", omittingEmptySubsequences: false) {
            let parts = item.split(separator: "/", omittingEmptySubsequences: false)
            guard let first = parts.first, parts.count <= 2 else { throw CronError(kind, text) }
            let range = try Self.range(first, kind, in: text)
            var step = 1
            if parts.count == 2 {
                // A single number has no range for a step.
                guard let number = Int(parts[1]), number > 0, first == "*" || first.contains("-") else {
                    throw CronError(kind, text)
                }
                step = number
            }
            values.formUnion(stride(from: range.lowerBound, through: range.upperBound, by: step))
        }
        if kind == .dayOfWeek, values.remove(7) != nil { values.insert(0) }
        self.values = values.sorted()
        beginsWithStar = text.hasPrefix("*")
        isEvery = text == "*"
    }

    private static func range(
        _ text: Substring, _ kind: Kind, in field: Substring
    ) throws(CronError) -> ClosedRange<Int> {
        if text == "*" { return kind == .dayOfWeek ? 0...6 : kind.range }
        let ends = text.split(separator: "-", omittingEmptySubsequences: false)
        guard let first = ends.first.flatMap({ number($0, kind) }), ends.count <= 2 else {
            throw CronError(kind, field)
        }
        guard ends.count == 2 else { return first...first }
        guard let last = number(ends[1], kind), first <= last else { throw CronError(kind, field) }
        return first...last
    }

    private static func number(_ text: Substring, _ kind: Kind) -> Int? {
        if let name = kind.names.firstIndex(of: text.lowercased()) { return kind.range.lowerBound + name }
        guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(text),
            kind.range.contains(number)
        else { return nil }
        return number
    }
}

/// A cron expression that cannot be used.
package struct CronError: Error, Hashable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }

    init(_ kind: CronField.Kind, _ text: Substring) {
        let range = kind.range
        let names = kind.names.isEmpty ? "" : ", names such as \(kind.names[0])"
        description =
            "\(kind.rawValue) \"\(text)\" must be *, \(range.lowerBound) to \(range.upperBound)\(names), "
            + "ranges a-b, steps */n or a-b/n, or a list of these with commas"
    }
}
