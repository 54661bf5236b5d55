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
                "coordinates", "count", "filter", "attributes", "rejects",
            ])
        self.file = file
        dialect = try Self.dialect(top)
        eventType = try Self.eventType(top)
        eventID = try Self.eventID(top)
        identity = try Self.identity(top)
        time = try Self.time(top)
        coordinates = try Self.coordinates(top)
        count = try top.node("count", keys: ["column"])?.requiredColumn("column")
        filters = try Self.filters(top)
        attributes = try Self.attributes(top)
        rejects = try RejectRule(top)
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
        do {
            return try Dialect(words)
        } catch {
            throw top.error(error.key, error.problem)
        }
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

    private static func coordinates(_ top: MappingNode) throws(FeedError) -> CoordinateRule {
        let node = try top.requiredNode(
            "coordinates",
            keys: [
                "longitude", "latitude", "x", "y", "crs", "place", "places", "bounds", "allow_null_island", "optional",
            ])
        let bounds = try bounds(node)
        let allowsNullIsland =
            try node.flag("allow_null_island") || bounds?.contains(longitude: 0, latitude: 0) == true
        if node.has("place") || node.has("places") {
            for key in ["longitude", "latitude", "x", "y", "crs"] where node.has(key) {
                throw node.error(key, "cannot be combined with place:")
            }
            let places = NamedPlaces(
                file: try node.requiredText("places"), line: node.line(of: "places"),
                isOptional: try node.flag("optional"))
            return CoordinateRule(
                place: .name(try node.requiredColumn("place"), places), projection: nil,
                allowsNullIsland: allowsNullIsland, bounds: bounds)
        }
        var projection: Projection?
        if let crs = try node.text("crs") {
            do {
                projection = try Projection(crs)
            } catch {
                throw node.error("crs", error.problem)
            }
        }
        let (east, north) = projection == nil ? ("longitude", "latitude") : ("x", "y")
        for key in projection == nil ? ["x", "y"] : ["longitude", "latitude"] where node.has(key) {
            throw node.error(
                key,
                projection == nil
                    ? "needs crs: to name its reference system" : "cannot be combined with crs:, which needs x: and y:")
        }
        let isOptional = try node.flag("optional")
        var longitude = try node.requiredColumn(east)
        var latitude = try node.requiredColumn(north)
        longitude.isOptional = isOptional
        latitude.isOptional = isOptional
        return CoordinateRule(
            place: .point(longitude: longitude, latitude: latitude), projection: projection,
            allowsNullIsland: allowsNullIsland, bounds: bounds)
    }

    private static func bounds(_ node: MappingNode) throws(FeedError) -> BoundingBox? {
        guard let texts = try node.texts("bounds") else { return nil }
        let edges = texts.compactMap(Double.init)
        guard texts.count == 4, edges.count == 4,
            let box = BoundingBox(west: edges[0], south: edges[1], east: edges[2], north: edges[3])
        else { throw node.error("bounds", "must be [west, south, east, north] in degrees") }
        return box
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
