/// The header `traceparent` of W3C Trace Context: the trace that a request belongs to.
struct TraceParent: Equatable {
    /// The trace id: 32 lower-case hexadecimal digits, not all zero.
    let trace: String
    /// The flags: 2 hexadecimal digits.
    private let flags: String
    /// The id of this server's span in the trace: 16 hexadecimal digits.
    private let span: String

    /// - Parameters:
    ///   - text: The header's value.
    ///   - span: The span id of the answer.
    /// - Returns: `nil` for an invalid header, which is to be ignored according to the recommendation.
    init?(_ text: String, span: UInt64 = .random(in: 1 ... .max)) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count >= 4, Self.isHexadecimal(parts[0], 2), parts[0] != "ff",
            // Version 00 has exactly four fields; a later one may have more.
            parts[0] != "00" || parts.count == 4,
            Self.isHexadecimal(parts[1], 32), !parts[1].allSatisfy({ $0 == "0" }),
            Self.isHexadecimal(parts[2], 16), !parts[2].allSatisfy({ $0 == "0" }), Self.isHexadecimal(parts[3], 2)
        else { return nil }
        trace = String(parts[1])
        flags = String(parts[3])
        let digits = String(span, radix: 16)
        self.span = String(repeating: "0", count: 16 - digits.count) + digits
    }

    /// The value of the answer's header.
    var text: String { "00-\(trace)-\(span)-\(flags)" }

    private static func isHexadecimal(_ text: Substring, _ count: Int) -> Bool {
        text.utf8.count == count
            && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
    }
}
