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

    /// Parses `YYYY-MM-DD` (midnight UTC) or a time of RFC 3339: `YYYY-MM-DDTHH:MM:SS[.f](Z|±HH:MM)`, also with a
    /// small `t` and `z`, and with any number of decimals, of which those beyond the sixth are cut off. The leap second
    /// 23:59:60 UTC is the midnight that follows, as in Unix time.
    ///
    /// `nil` for anything else, including a time without a zone.
    package init?(_ text: String) {
        guard let date = LocalDay(text.prefix(10)), text.utf8.count == text.count else { return nil }
        let midnight = Instant(midnight: date)
        guard text.count > 10 else {
            self = midnight
            return
        }
        // T12:34:56
        var rest = text.utf8.dropFirst(10)
        guard let letter = rest.popFirst(), letter | 0x20 == UInt8(ascii: "t"),
            let clock = Self.clock(&rest, mostSeconds: 60), let fraction = Self.fraction(&rest),
            let offset = Self.offset(&rest), rest.isEmpty
        else { return nil }
        let seconds = clock.seconds - offset
        guard !clock.isLeapSecond || seconds % Self.secondsPerDay == 0 else { return nil }
        self.init(microseconds: midnight.microseconds + seconds * Self.microsecondsPerSecond + fraction)
    }

    /// Parses the decimals of a second after a point, in microseconds; zero without a point.
    private static func fraction(_ rest: inout Substring.UTF8View) -> Int64? {
        guard rest.first == UInt8(ascii: ".") else { return 0 }
        rest.removeFirst()
        var (fraction, unit) = (Int64(0), microsecondsPerSecond)
        var digits = 0
        while let byte = rest.first, (0x30...0x39).contains(byte) {
            unit /= 10
            fraction += Int64(byte - 0x30) * unit
            digits += 1
            rest.removeFirst()
        }
        return digits > 0 ? fraction : nil
    }

    /// Parses an offset, in seconds ahead of UTC.
    private static func offset(_ rest: inout Substring.UTF8View) -> Int64? {
        switch rest.popFirst() {
        case UInt8(ascii: "Z"), UInt8(ascii: "z"): 0
        case UInt8(ascii: "+"): clock(&rest, mostSeconds: nil)?.seconds
        case UInt8(ascii: "-"): clock(&rest, mostSeconds: nil).map { -$0.seconds }
        default: nil
        }
    }

    /// Parses `HH:MM` or `HH:MM:SS`.
    /// - Parameter mostSeconds: The largest number of seconds; `nil` for none.
    private static func clock(
        _ rest: inout Substring.UTF8View, mostSeconds: Int64?
    ) -> (seconds: Int64, isLeapSecond: Bool)? {
        guard let hours = pair(&rest), hours < 24, rest.popFirst() == UInt8(ascii: ":"),
            let minutes = pair(&rest), minutes < 60
        else { return nil }
        guard let mostSeconds else { return (hours * 3600 + minutes * 60, false) }
        guard rest.popFirst() == UInt8(ascii: ":"), let second = pair(&rest), second <= mostSeconds else { return nil }
        return (hours * 3600 + minutes * 60 + second, second == 60)
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
