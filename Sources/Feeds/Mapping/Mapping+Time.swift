import Domain

extension Mapping {
    static func time(_ top: MappingNode) throws(FeedError) -> TimeRule {
        let node = try top.requiredNode(
            "time",
            keys: ["column", "constant", "patterns", "zone", "offset", "hour_column", "clock_column", "years"])
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
            throw node.error("zone", "\"\(name)\" is not a known IANA time zone: it \(TimeZoneName.rule)")
        }
        let offset = try node.text("offset") ?? "keep"
        guard ["keep", "ignore"].contains(offset) else { throw node.error("offset", "must be keep or ignore") }
        let hour = try node.column("hour_column")
        let clock = try node.column("clock_column")
        if hour != nil, clock != nil { throw node.error("clock_column", "cannot be combined with hour_column:") }
        return TimeRule(
            source: try source(node), patterns: patterns, zone: zone, ignoresOffset: offset == "ignore", hour: hour,
            clock: clock, years: try years(node))
    }

    private static func source(_ node: MappingNode) throws(FeedError) -> TimeRule.Source {
        guard let text = try node.text("constant") else { return .column(try node.requiredColumn("column")) }
        guard !node.has("column") else { throw node.error("constant", "cannot be combined with column:") }
        guard let reading = TimePattern.readISO8601(Array(text.utf8).span), reading.impossibility == nil else {
            throw node.error("constant", "\"\(text)\" is not a date or time of ISO 8601")
        }
        return .constant(reading)
    }

    private static func years(_ node: MappingNode) throws(FeedError) -> ClosedRange<Int>? {
        guard let texts = try node.texts("years") else { return nil }
        let years = texts.compactMap { Int($0) }
        guard texts.count == 2, years.count == 2, years[0] <= years[1], (1...9999).contains(years[0]), years[1] <= 9999
        else { throw node.error("years", "must be [first, last], both between 1 and 9999") }
        return years[0]...years[1]
    }
}
