import Domain

extension Mapping {
    private static let timeKeys = [
        "column", "constant", "patterns", "zone", "offset", "hour_column", "clock_column", "years", "year_column",
        "month_column", "day_column", "minute_column", "second_column", "clock_patterns", "after_midnight",
        "blank_parts", "trailing_text", "zone_names", "plausible_years", "missing",
    ]

    static func time(_ top: MappingNode) throws(FeedError) -> TimeRule {
        let node = try top.requiredNode("time", keys: timeKeys)
        let source = try source(node)
        let zoneNames = try zoneNames(node)
        let skipsRest = try word("trailing_text", of: node, default: "refuse", other: "ignore")
        let name = try node.text("zone")
        let zone = name.flatMap { ZoneOffsets(identifier: $0) }
        if let name, zone == nil {
            throw node.error("zone", "\"\(name)\" is not a known IANA time zone: it \(TimeZoneName.rule)")
        }
        return TimeRule(
            source: source, clock: try clock(node, skipsRest: skipsRest),
            patterns: try patterns(
                "patterns", .date, of: node, zoneNames, skipsRest: skipsRest, default: ["iso8601"]),
            zone: zone, ignoresOffset: try word("offset", of: node, default: "keep", other: "ignore"),
            lastHour: try node.flag("after_midnight") ? 47 : 24,
            takesBlankAsFirst: try word("blank_parts", of: node, default: "reject", other: "first"),
            missing: (try node.texts("missing") ?? []).map { Array($0.utf8) },
            years: try years("years", of: node), plausibleYears: try years("plausible_years", of: node))
    }

    private static func source(_ node: MappingNode) throws(FeedError) -> DateSource<Column> {
        if node.has("year_column") {
            for key in ["column", "constant", "patterns"] where node.has(key) {
                throw node.error(key, "cannot be combined with year_column:")
            }
            let month = try node.column("month_column")
            if month == nil, node.has("day_column") { throw node.error("day_column", "needs month_column:") }
            return .parts(
                year: try node.requiredColumn("year_column"), month: month, day: try node.column("day_column"))
        }
        for key in ["month_column", "day_column"] where node.has(key) {
            throw node.error(key, "needs year_column:")
        }
        guard let text = try node.text("constant") else { return .column(try node.requiredColumn("column")) }
        guard !node.has("column") else { throw node.error("constant", "cannot be combined with column:") }
        guard let reading = TimePattern.readISO8601(Array(text.utf8).span), reading.impossibility == nil else {
            throw node.error("constant", "\"\(text)\" is not a date or time of ISO 8601")
        }
        return .constant(reading)
    }

    private static func clock(_ node: MappingNode, skipsRest: Bool) throws(FeedError) -> ClockSource<Column> {
        let patterns = try patterns("clock_patterns", .clock, of: node, .common, skipsRest: skipsRest, default: [])
        if let clock = try node.column("clock_column") {
            for key in ["hour_column", "minute_column", "second_column"] where node.has(key) {
                throw node.error("clock_column", "cannot be combined with \(key):")
            }
            return .column(clock, patterns)
        }
        if !patterns.isEmpty { throw node.error("clock_patterns", "needs clock_column:") }
        let minute = try node.column("minute_column")
        let second = try node.column("second_column")
        if second != nil, minute == nil { throw node.error("second_column", "needs minute_column:") }
        guard let hour = try node.column("hour_column") else {
            if minute != nil { throw node.error("minute_column", "needs hour_column:") }
            return .none
        }
        return .parts(hour: hour, minute: minute, second: second)
    }

    private static func patterns(
        _ key: String, _ content: TimePattern.Content, of node: MappingNode, _ zoneNames: ZoneNames, skipsRest: Bool,
        default usual: [String]
    ) throws(FeedError) -> [TimePattern] {
        var patterns: [TimePattern] = []
        for text in try node.texts(key) ?? usual {
            do {
                patterns.append(try TimePattern(text, content, zoneNames: zoneNames, skipsRest: skipsRest))
            } catch {
                throw node.error(key, "\"\(text)\": \(error.problem)")
            }
        }
        return patterns
    }

    private static func zoneNames(_ node: MappingNode) throws(FeedError) -> ZoneNames {
        var names = ZoneNames.common
        for (name, text) in try node.pairs("zone_names") ?? [] {
            let bytes = Array(text.utf8)
            var index = 0
            guard let offset = TimeScanner.offset(bytes.span, &index), index == bytes.count else {
                throw node.error("zone_names", "\(name): \"\(text)\" must be an offset such as \"+05:30\"")
            }
            guard names.set(name, offset) else {
                throw node.error("zone_names", "\"\(name)\" must be 1 to 8 letters")
            }
        }
        return names
    }

    /// Whether a key has the other of its two words.
    private static func word(
        _ key: String, of node: MappingNode, default usual: String, other: String
    ) throws(FeedError) -> Bool {
        let word = try node.text(key) ?? usual
        guard word == usual || word == other else { throw node.error(key, "must be \(usual) or \(other)") }
        return word == other
    }

    private static func years(_ key: String, of node: MappingNode) throws(FeedError) -> ClosedRange<Int>? {
        guard let texts = try node.texts(key) else { return nil }
        let years = texts.compactMap { Int($0) }
        guard texts.count == 2, years.count == 2, years[0] <= years[1], (1...9999).contains(years[0]), years[1] <= 9999
        else { throw node.error(key, "must be [first, last], both between 1 and 9999") }
        return years[0]...years[1]
    }
}
