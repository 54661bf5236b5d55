/// A longitude or latitude as people write it: degrees, degrees and minutes, or degrees, minutes and seconds, with or
/// without a letter for the hemisphere.
///
/// `45.1448`, `45.1448°`, `45.1448N`, `N 45 08.688`, `45°08'41.3"N`, `45:08:41.3`, `45-08-41.3N`, `45d 8m 41.3s N`,
/// `450841N` and `lat: 45.1448` are understood.
struct Angle: Equatable {
    enum Axis: Equatable {
        case longitude
        case latitude
    }

    /// Degrees; south and west are negative.
    var degrees: Double
    /// The axis that a letter or word names; nil without one.
    var axis: Axis?
    /// How many numbers the angle is written with, 1 to 3.
    var parts: Int
    /// Whether it is a number alone, without a mark, letter or word.
    var isPlain = false

    /// Parses a whole text.
    ///
    /// A sign and a letter together are refused, because it is unclear whether -79.4 W is east or west.
    ///
    /// - Parameter decimalComma: Whether a comma may be a decimal sign.
    /// - Returns: nil when the text is no angle. The range of the degrees is not checked.
    static func read(_ text: Span<UInt8>, decimalComma: Bool) -> Angle? {
        var scanner = AngleScanner(decimalComma: decimalComma)
        return scanner.angle(text)
    }
}

/// The state of the parser of one angle.
private struct AngleScanner {
    private enum Hemisphere {
        case north, south, east, west
        /// Only the axis is named.
        case axis(Angle.Axis)
    }

    private struct Number {
        var value: Double
        var wholeDigits: Int
        var hasFraction: Bool
    }

    let decimalComma: Bool
    private var index = 0
    /// Whether a degree sign or another mark of a unit was read.
    private var isMarked = false
    /// The letter of the first unit, where units are letters: a last `s` of the same case means seconds and not south.
    private var firstUnit: UInt8?
    private var hasDashes = false

    init(decimalComma: Bool) { self.decimalComma = decimalComma }

    mutating func angle(_ text: Span<UInt8>) -> Angle? {
        skipBlanks(text)
        var hemisphere = hemisphere(text)
        skipBlanks(text)
        let sign = sign(text)
        skipBlanks(text)
        var numbers: [Number] = []
        while let number = number(text) {
            numbers.append(number)
            guard mark(text, after: numbers.count), numbers.count < 3 else { break }
        }
        guard !numbers.isEmpty else { return nil }
        skipBlanks(text)
        if index < text.count {
            switch (hemisphere, self.hemisphere(text)) {
            case (nil, let suffix?): hemisphere = suffix
            default: return nil
            }
            skipBlanks(text)
            guard index == text.count else { return nil }
        }
        guard let size = size(numbers, hasLetter: hemisphere != nil) else { return nil }
        let isNegative: Bool
        let axis: Angle.Axis?
        switch hemisphere {
        case nil: (isNegative, axis) = (sign == UInt8(ascii: "-"), nil)
        case .axis(let named): (isNegative, axis) = (sign == UInt8(ascii: "-"), named)
        case .north: (isNegative, axis) = (false, .latitude)
        case .south: (isNegative, axis) = (true, .latitude)
        case .east: (isNegative, axis) = (false, .longitude)
        case .west: (isNegative, axis) = (true, .longitude)
        }
        if sign == UInt8(ascii: "-"), let hemisphere {
            guard case .axis = hemisphere else { return nil }
        }
        let isPlain = numbers.count == 1 && !isMarked && hemisphere == nil
        return Angle(degrees: isNegative ? -size : size, axis: axis, parts: numbers.count, isPlain: isPlain)
    }

    /// The size of the angle in degrees; nil when the numbers make none.
    private func size(_ numbers: [Number], hasLetter: Bool) -> Double? {
        guard numbers.dropLast().allSatisfy({ !$0.hasFraction }) else { return nil }
        // Two numbers with nothing but a blank between them may be anything.
        guard numbers.count != 2 || isMarked || hasLetter, !hasDashes || hasLetter else { return nil }
        var (degrees, minutes, seconds) = (numbers[0].value, 0.0, 0.0)
        if numbers.count > 1 { minutes = numbers[1].value }
        if numbers.count > 2 { seconds = numbers[2].value }
        // With a letter, four digits and more are degrees and minutes, or degrees, minutes and seconds, without a mark.
        if numbers.count == 1, hasLetter, !isMarked, numbers[0].wholeDigits >= 4 {
            guard numbers[0].wholeDigits <= 7 else { return nil }
            if numbers[0].wholeDigits >= 6 {
                seconds = degrees.truncatingRemainder(dividingBy: 100)
                degrees = (degrees / 100).rounded(.down)
            }
            minutes = degrees.truncatingRemainder(dividingBy: 100)
            degrees = (degrees / 100).rounded(.down)
        }
        guard minutes < 60, seconds < 60 else { return nil }
        return degrees + minutes / 60 + seconds / 3600
    }

    private func glyph(_ text: Span<UInt8>) -> (glyph: Glyph, end: Int)? {
        guard index < text.count else { return nil }
        var end = index
        return (Glyph.next(text, &end), end)
    }

    private mutating func skipBlanks(_ text: Span<UInt8>) {
        while let (glyph, end) = glyph(text), glyph.isBlank { index = end }
    }

    private mutating func sign(_ text: Span<UInt8>) -> UInt8? {
        switch glyph(text) {
        case (.ascii(UInt8(ascii: "-")), let end)?, (.minus, let end)?:
            index = end
            return UInt8(ascii: "-")
        case (.ascii(UInt8(ascii: "+")), let end)?:
            index = end
            return UInt8(ascii: "+")
        default: return nil
        }
    }

    private mutating func word(_ text: Span<UInt8>) -> String {
        let start = index
        while index < text.count, Glyph.isLetter(text[index]) { index += 1 }
        return String(decoding: (start..<index).map { text[$0] | 0x20 }, as: UTF8.self)
    }

    /// Reads a letter or word for a hemisphere or an axis; nil, and nothing is read, when there is none.
    private mutating func hemisphere(_ text: Span<UInt8>) -> Hemisphere? {
        let start = index
        switch word(text) {
        case "n", "north": return .north
        case "s", "south": return .south
        case "e", "east": return .east
        case "w", "west": return .west
        case "lat", "latitude": return named(.latitude, text)
        case "lon", "lng", "long", "longitude": return named(.longitude, text)
        default:
            index = start
            return nil
        }
    }

    private mutating func named(_ axis: Angle.Axis, _ text: Span<UInt8>) -> Hemisphere {
        skipBlanks(text)
        if index < text.count, text[index] == UInt8(ascii: ":") || text[index] == UInt8(ascii: "=") { index += 1 }
        return .axis(axis)
    }

    private mutating func number(_ text: Span<UInt8>) -> Number? {
        let start = index
        while index < text.count, Glyph.isDigit(text[index]) { index += 1 }
        let wholeDigits = index - start
        var mark: Int?
        if index < text.count, text[index] == UInt8(ascii: ".") || decimalComma && text[index] == UInt8(ascii: ",") {
            var end = index + 1
            while end < text.count, Glyph.isDigit(text[end]) { end += 1 }
            if end > index + 1 {
                mark = index
                index = end
            }
        }
        guard wholeDigits > 0 || mark != nil else { return nil }
        let digits = (start..<index).map { $0 == mark ? UInt8(ascii: ".") : text[$0] }
        guard let value = DecimalNumber.read(digits.span) else { return nil }
        return Number(value: value, wholeDigits: wholeDigits, hasFraction: mark != nil)
    }

    /// Reads the mark after the degrees, minutes or seconds; false where no further number follows.
    private mutating func mark(_ text: Span<UInt8>, after part: Int) -> Bool {
        let start = index
        skipBlanks(text)
        switch glyph(text) {
        case (.degree, let end)? where part == 1: unit(end)
        case (.prime, let end)? where part > 1, (.ascii(UInt8(ascii: "'")), let end)? where part > 1:
            unit(end)
            // Two single quotes are a double one.
            if part == 3, let (glyph, end) = glyph(text), glyph == .prime || glyph == .ascii(UInt8(ascii: "'")) {
                index = end
            }
        case (.doublePrime, let end)? where part == 3, (.ascii(UInt8(ascii: "\"")), let end)? where part == 3: unit(end)
        case (.ascii(UInt8(ascii: ":")), let end)? where part < 3: unit(end)
        case (.ascii(UInt8(ascii: "-")), let end)? where part < 3 && start == index, (.minus, let end)? where part < 3:
            hasDashes = true
            index = end
        case (.ascii(let byte), _)? where Glyph.isLetter(byte):
            guard letterUnit(text, part) else { return false }
        default: break
        }
        skipBlanks(text)
        return index < text.count && (Glyph.isDigit(text[index]) || text[index] == UInt8(ascii: "."))
    }

    private mutating func unit(_ end: Int) {
        isMarked = true
        index = end
    }

    private mutating func letterUnit(_ text: Span<UInt8>, _ part: Int) -> Bool {
        let start = index
        var word = word(text)
        // The letter of the hemisphere may follow without a blank: 41.3sN.
        if word.utf8.count == 2, ["n", "s", "e", "w"].contains(word.suffix(1)) {
            word = String(word.prefix(1))
            index = start + 1
        }
        let isUnit =
            switch word {
            case "d", "deg", "degree", "degrees": part == 1
            case "m", "min", "minute", "minutes": part == 2
            case "s": part == 3 && firstUnit.map { $0 & 0x20 == text[start] & 0x20 } == true
            case "sec", "second", "seconds": part == 3
            default: false
            }
        guard isUnit else {
            index = start
            return false
        }
        isMarked = true
        firstUnit = firstUnit ?? text[start]
        return true
    }
}
