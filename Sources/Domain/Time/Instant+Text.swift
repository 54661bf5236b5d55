/// Instants as ISO 8601 text.
extension Instant: CustomStringConvertible {
    /// The text `YYYY-MM-DDTHH:MM:SSZ`, with six decimals only when they are not all zero.
    package var description: String {
        let (number, rest) = microseconds.floorDivided(by: Self.microsecondsPerDay)
        let (seconds, fraction) = rest.quotientAndRemainder(dividingBy: Self.microsecondsPerSecond)
        let clock = [seconds / 3600, seconds / 60 % 60, seconds % 60].map { Self.padded($0, 2) }.joined(separator: ":")
        let decimals = fraction == 0 ? "" : "." + Self.padded(fraction, 6)
        return "\(LocalDay(number: Int32(number)))T\(clock)\(decimals)Z"
    }

    /// Parses `YYYY-MM-DD` (midnight UTC) or `YYYY-MM-DDTHH:MM:SS[.f](Z|±HH:MM)` with one to six decimals; `nil` for
    /// anything else, including a leap second and a time without a zone.
    package init?(_ text: String) {
        guard let date = LocalDay(text.prefix(10)), text.utf8.count == text.count else { return nil }
        let midnight = Instant(midnight: date)
        guard text.count > 10 else {
            self = midnight
            return
        }
        // T12:34:56
        var rest = text.utf8.dropFirst(10)
        guard rest.popFirst() == UInt8(ascii: "T"), let clock = Self.clock(&rest, seconds: true) else { return nil }
        var fraction: Int64 = 0
        if rest.first == UInt8(ascii: ".") {
            rest.removeFirst()
            var unit = Self.microsecondsPerSecond
            while let byte = rest.first, (0x30...0x39).contains(byte) {
                guard unit > 1 else { return nil }
                unit /= 10
                fraction += Int64(byte - 0x30) * unit
                rest.removeFirst()
            }
            guard unit < Self.microsecondsPerSecond else { return nil }
        }
        guard let offset = Self.offset(&rest), rest.isEmpty else { return nil }
        self.init(microseconds: midnight.microseconds + (clock - offset) * Self.microsecondsPerSecond + fraction)
    }

    /// Parses an offset, in seconds ahead of UTC.
    private static func offset(_ rest: inout Substring.UTF8View) -> Int64? {
        switch rest.popFirst() {
        case UInt8(ascii: "Z"): 0
        case UInt8(ascii: "+"): clock(&rest, seconds: false)
        case UInt8(ascii: "-"): clock(&rest, seconds: false).map { -$0 }
        default: nil
        }
    }

    /// Parses `HH:MM` or `HH:MM:SS`, in seconds.
    private static func clock(_ rest: inout Substring.UTF8View, seconds: Bool) -> Int64? {
        guard let hours = pair(&rest), hours < 24, rest.popFirst() == UInt8(ascii: ":"),
            let minutes = pair(&rest), minutes < 60
        else { return nil }
        guard seconds else { return hours * 3600 + minutes * 60 }
        guard rest.popFirst() == UInt8(ascii: ":"), let second = pair(&rest), second < 60 else { return nil }
        return hours * 3600 + minutes * 60 + second
    }

    private static func pair(_ rest: inout Substring.UTF8View) -> Int64? {
        guard let tens = rest.popFirst(), let ones = rest.popFirst(),
            (0x30...0x39).contains(tens), (0x30...0x39).contains(ones)
        else { return nil }
        return Int64(tens - 0x30) * 10 + Int64(ones - 0x30)
    }

    private static func padded(_ number: Int64, _ width: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, width - text.count)) + text
    }
}
