import Yams

extension Mapping {
    /// Reads a mapping.
    ///
    /// - Parameters:
    ///   - yaml: the text.
    ///   - file: its name, for messages.
    package init(yaml: String, file: String) throws(FeedError) {
        let top = try MappingNode(
            try Self.compose(yaml, file: file), file: file, path: "",
            keys: ["delimiter", "event_type", "event_id", "time", "coordinates", "attributes"])
        self.file = file
        delimiter = try Self.delimiter(top)
        eventType = try Self.eventType(top)
        eventID = try Self.eventID(top)
        time = try Self.time(top)
        coordinates = try Self.coordinates(top)
        attributes = try Self.attributes(top)
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

    private static func delimiter(_ top: MappingNode) throws(FeedError) -> UInt8 {
        guard let text = try top.text("delimiter") else { return UInt8(ascii: ",") }
        guard let byte = text.utf8.first, text.utf8.count == 1, byte < 0x80, !"\"\r\n".utf8.contains(byte) else {
            throw top.error("delimiter", "has to be one ASCII character, for example \";\" or \"\\t\"")
        }
        return byte
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
            if lookup != nil { throw node.error("lookup", "has no meaning beside constant:") }
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

    private static func time(_ top: MappingNode) throws(FeedError) -> TimeRule {
        let node = try top.requiredNode("time", keys: ["column", "patterns", "zone", "offset", "hour_column"])
        var patterns: [TimePattern] = []
        for text in try node.texts("patterns") ?? ["iso8601"] {
            do {
                patterns.append(try TimePattern(text))
            } catch {
                throw node.error("patterns", "\"\(text)\": \(error.problem)")
            }
        }
        let name = try node.text("zone")
        let zone = name.flatMap { ZoneOffsets(identifier: $0) }
        if let name, zone == nil {
            throw node.error("zone", "\"\(name)\" is no IANA time zone, such as America/Toronto or UTC")
        }
        let offset = try node.text("offset") ?? "keep"
        guard ["keep", "ignore"].contains(offset) else { throw node.error("offset", "has to be keep or ignore") }
        return TimeRule(
            column: try node.requiredColumn("column"), patterns: patterns, zone: zone,
            ignoresOffset: offset == "ignore", hour: try node.column("hour_column"))
    }

    private static func coordinates(_ top: MappingNode) throws(FeedError) -> CoordinateRule {
        let node = try top.requiredNode("coordinates", keys: ["longitude", "latitude", "allow_null_island"])
        return CoordinateRule(
            longitude: try node.requiredColumn("longitude"), latitude: try node.requiredColumn("latitude"),
            allowsNullIsland: try node.flag("allow_null_island"))
    }

    private static func attributes(_ top: MappingNode) throws(FeedError) -> AttributeRule {
        guard let node = try top.node("attributes", keys: ["json", "columns", "constants"]) else {
            return .texts([], constants: [])
        }
        if let column = try node.column("json") {
            guard !node.has("columns"), !node.has("constants") else {
                throw node.error("json", "cannot stand beside columns: or constants:")
            }
            return .json(column)
        }
        var named: [(key: String, value: String)] = []
        if node.isList("columns") {
            named = try node.texts("columns")?.map { ($0, $0) } ?? []
        } else {
            named = try node.pairs("columns") ?? []
        }
        let columns = named.map { key, name in
            (key, Column(name: name, key: "\(node.path).columns", line: node.line(of: "columns")))
        }
        return .texts(columns, constants: try node.pairs("constants") ?? [])
    }
}

extension YamlError {
    fileprivate func feedError(file: String) -> FeedError {
        switch self {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            FeedError(.mapping, file: file, line: mark.line, "is no YAML: \(problem)")
        case .duplicatedKeysInMapping(let keys, let context):
            FeedError(
                .mapping, file: file, line: context.mark.line, "\(keys.joined(separator: ", ")): stands here twice")
        default:
            FeedError(.mapping, file: file, "is no YAML: \(self)")
        }
    }
}
