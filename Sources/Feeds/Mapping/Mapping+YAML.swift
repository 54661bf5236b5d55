import Domain
import Yams

extension Mapping {
    /// Parses a mapping.
    ///
    /// - Parameters:
    ///   - yaml: The text.
    ///   - file: The name of the file, for messages.
    package init(yaml: String, file: String) throws(FeedError) {
        let top = try MappingNode(
            try Self.compose(yaml, file: file), file: file, path: "",
            keys: [
                "format", "encoding", "delimiter", "decimal", "event_type", "event_id", "identity", "time",
                "coordinates", "count", "filter", "attributes", "rejects", "thousands", "proposal", "remedies",
                "expect", "expenditure",
            ] + FileLayout.keys)
        self.file = file
        dialect = try Self.dialect(top)
        thousands = try Self.thousands(top)
        eventID = try Self.eventID(top)
        if let node = try top.node("expenditure", keys: ExpenditureRule.keys) {
            try Self.checkExpenditure(top)
            expenditure = try ExpenditureRule(node, hasTime: top.has("time"), decimal: dialect.decimal)
            eventType = .constant("expenditure")
            // Rows without an id are always known by what they say.
            identity = .content
            time = top.has("time") ? try Self.time(top) : .none
            coordinates = CoordinateRule(place: .nowhere, projection: nil, allowsNullIsland: false, bounds: nil)
        } else {
            expenditure = nil
            eventType = try Self.eventType(top)
            identity = try Self.identity(top)
            time = try Self.time(top)
            coordinates = try Self.coordinates(top)
        }
        count = try Self.count(top)
        filters = try Self.filters(top)
        attributes = try Self.attributes(top)
        try Self.check(attributes, coordinates, top)
        rejects = try RejectRule(top)
        proposal = try ProposalRule(top)
        remedies = try Self.remedies(top)
        expect = try Self.expectations(top)
    }

    private static func compose(_ yaml: String, file: String) throws(FeedError) -> Node {
        do {
            if let node = try Yams.compose(yaml: yaml) { return node }
        } catch let error as YamlError {
            throw error.feedError(file: file)
        } catch {
            throw FeedError(.mapping, file: file, "\(error)")
        }
        throw FeedError(.mapping, file: file, "is empty; a mapping needs time: and coordinates:, see docs/mappings.md")
    }

    private static func dialect(_ top: MappingNode) throws(FeedError) -> Dialect {
        let words = StatedDialect(
            format: try top.text("format"), encoding: try top.text("encoding"),
            delimiter: try top.text("delimiter"), decimal: try top.text("decimal"))
        var dialect: Dialect
        do {
            dialect = try Dialect(words)
        } catch {
            throw top.error(error.key, error.problem)
        }
        dialect.layout = try FileLayout(top)
        return dialect
    }

    private static func thousands(_ top: MappingNode) throws(FeedError) -> NumberReader.Thousands? {
        guard let word = try top.text("thousands") else { return nil }
        guard let thousands = NumberReader.Thousands(rawValue: word) else {
            let known = NumberReader.Thousands.allCases.map(\.rawValue).joined(separator: ", ")
            throw top.error("thousands", "\"\(word)\" is not one of \(known)")
        }
        if let decimal = try top.text("decimal"), decimal == word {
            throw top.error("thousands", "cannot be \(word), which is the decimal sign")
        }
        return thousands
    }

    private static func eventType(_ top: MappingNode) throws(FeedError) -> EventTypeRule {
        let node = try top.requiredNode("event_type", keys: ["column", "constant", "lookup", "otherwise"])
        let constant = try node.text("constant")
        let column = try node.column("column")
        let lookup = try node.pairs("lookup")
        let otherwise = try node.text("otherwise")
        guard (constant == nil) != (column == nil) else {
            throw node.error("", "needs either column: or constant:")
        }
        if otherwise != nil, lookup == nil { throw node.error("otherwise", "has no meaning without lookup:") }
        guard let column else {
            if lookup != nil { throw node.error("lookup", "has no meaning with constant:") }
            return .constant(constant ?? "")
        }
        guard let lookup else { return .column(column) }
        return .lookup(column, Dictionary(lookup.map { ($0.key, $0.value) }) { $1 }, otherwise: otherwise)
    }

    private static func eventID(_ top: MappingNode) throws(FeedError) -> Column? {
        guard let node = try top.node("event_id", keys: ["column", "optional"]) else { return nil }
        var column = try node.requiredColumn("column")
        column.isOptional = try node.flag("optional")
        return column
    }

    private static func identity(_ top: MappingNode) throws(FeedError) -> RowIdentity {
        guard let word = try top.text("identity") else { return .file }
        guard let identity = RowIdentity(rawValue: word) else {
            let known = RowIdentity.allCases.map(\.rawValue).joined(separator: ", ")
            throw top.error("identity", "\"\(word)\" is not one of \(known)")
        }
        return identity
    }

    private static func count(_ top: MappingNode) throws(FeedError) -> CountRule? {
        guard let node = try top.node("count", keys: ["column", "suppressed"]) else { return nil }
        let words = try node.texts("suppressed") ?? []
        return CountRule(
            column: try node.requiredColumn("column"), suppressed: Set(words.map { $0.lowercased() }))
    }

    /// Checks that the attribute by which events at areas are marked is free.
    private static func check(
        _ attributes: AttributeRule, _ coordinates: CoordinateRule, _ top: MappingNode
    ) throws(FeedError) {
        guard case .area = coordinates.place else { return }
        let isTaken =
            switch attributes {
            case .json: true
            case .texts(let texts, let constants):
                texts.contains { $0.key == NamedAreas.mark } || constants.contains { $0.key == NamedAreas.mark }
            case .all(_, _, let constants): constants.contains { $0.key == NamedAreas.mark }
            }
        guard isTaken else { return }
        throw top.error(
            "attributes",
            "cannot have json: or a key \(NamedAreas.mark) with coordinates.area:, which writes that attribute")
    }

    private static func filters(_ top: MappingNode) throws(FeedError) -> [Filter] {
        var filters: [Filter] = []
        for node in try top.nodes("filter", keys: ["column", "in", "not_in"]) {
            let kept = try node.texts("in")
            let dropped = try node.texts("not_in")
            guard (kept == nil) != (dropped == nil) else { throw node.error("", "needs either in: or not_in:") }
            filters.append(
                Filter(
                    column: try node.requiredColumn("column"), values: Set(kept ?? dropped ?? []), keeps: kept != nil))
        }
        return filters
    }

    private static func attributes(_ top: MappingNode) throws(FeedError) -> AttributeRule {
        guard let node = try top.node("attributes", keys: ["json", "columns", "include", "exclude", "constants"]) else {
            return .texts([], constants: [])
        }
        if let column = try node.column("json") {
            for key in ["columns", "include", "exclude", "constants"] where node.has(key) {
                throw node.error("json", "cannot be combined with \(key):")
            }
            return .json(column)
        }
        let constants = try node.pairs("constants") ?? []
        if node.isScalar("columns") {
            guard try node.text("columns") == "all" else { throw node.error("columns", "must be a list, or all") }
            return .all(
                included: try node.columns("include"), excluded: try node.columns("exclude"), constants: constants)
        }
        for key in ["include", "exclude"] where node.has(key) {
            throw node.error(key, "has no meaning without columns: all")
        }
        if node.isList("columns") {
            return .texts(try node.columns("columns").map { ($0.name, $0) }, constants: constants)
        }
        let columns = try (node.pairs("columns") ?? []).map { key, name in
            (key, Column(name: name, key: "\(node.path).columns", line: node.line(of: "columns")))
        }
        return .texts(columns, constants: constants)
    }
}

extension YamlError {
    fileprivate func feedError(file: String) -> FeedError {
        switch self {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            FeedError(.mapping, file: file, line: mark.line, "is not YAML: \(problem)")
        case .duplicatedKeysInMapping(let keys, let context):
            FeedError(
                .mapping, file: file, line: context.mark.line, "\(keys.joined(separator: ", ")): occurs twice")
        default:
            FeedError(.mapping, file: file, "is not YAML: \(self)")
        }
    }
}
