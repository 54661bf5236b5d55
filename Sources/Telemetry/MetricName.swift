/// Names in the form that Prometheus allows.
enum MetricName {
    /// A metric name, `[a-zA-Z_:][a-zA-Z0-9_:]*`: every other character becomes an underscore.
    ///
    /// The colon is for recording rules, so it is replaced too.
    static func sanitised(_ label: String) -> String {
        var name = String(decoding: label.utf8.map { isAllowed($0) ? $0 : UInt8(ascii: "_") }, as: UTF8.self)
        if name.utf8.first.map(isDigit) ?? true {
            name = "_" + name
        }
        return name
    }

    /// A label name, `[a-zA-Z_][a-zA-Z0-9_]*`, not beginning with two underscores, which Prometheus reserves.
    static func sanitisedLabel(_ key: String) -> String {
        let name = sanitised(key)
        return name.hasPrefix("__") ? "key" + name : name
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"): true
        default: isDigit(byte)
        }
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}
