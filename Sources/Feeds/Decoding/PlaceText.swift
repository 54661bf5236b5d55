/// A point that stands in one text: two numbers, two angles, WKT or GeoJSON.
struct PlaceText: Equatable {
    /// Why a text is no point.
    enum Fault: Error, Equatable {
        /// The text has the form of a place, but there is none: `POINT EMPTY`, a geometry that is null.
        case empty
        /// A sentence without its subject.
        case unreadable(String)
    }

    /// The order of two coordinates.
    enum Axes: Sendable, Equatable {
        case longitudeLatitude
        case latitudeLongitude
    }

    /// The coordinates in the order in which they stand.
    var first: Double
    var second: Double
    /// The order, where the text itself names the axes; nil where it has to be stated.
    var axes: Axes?
    /// The form, for proposals.
    var form = Form.pair

    enum Form: Equatable {
        case pair
        case wkt
        case json
    }

    /// The longitude or easting, and the latitude or northing.
    ///
    /// - Parameter stated: The order that the mapping states; what the text says itself takes precedence.
    func point(_ stated: Axes) -> (x: Double, y: Double) {
        (axes ?? stated) == .longitudeLatitude ? (first, second) : (second, first)
    }

    /// Parses a whole text without blanks around it.
    ///
    /// - Parameters:
    ///   - decimalComma: Whether a comma may be a decimal sign.
    ///   - srid: The only reference system that EWKT may name; nil for any.
    static func read(_ text: Span<UInt8>, decimalComma: Bool, srid: Int? = 4326) throws(Fault) -> PlaceText {
        guard text.count > 0 else { throw .empty }
        if text[0] == UInt8(ascii: "{") { return try PlaceObject.read(text) }
        if Glyph.isLetter(text[0]), let place = try WellKnownText.read(text, srid: srid) { return place }
        return try pair(text, decimalComma: decimalComma)
    }

    /// Parses two numbers or angles, in parentheses or brackets or without. Text before parentheses is passed over:
    /// some sources write an address there.
    private static func pair(_ text: Span<UInt8>, decimalComma: Bool) throws(Fault) -> PlaceText {
        // In brackets a comma never is a decimal sign: they are of GeoJSON.
        let inner = inner(text)
        let cutter = PairCutter(inner.text, decimalComma: decimalComma && !inner.isBracketed)
        guard let (first, second) = try cutter.angles() else { throw .unreadable("is no point in a known notation") }
        let axes: Axes?
        switch (first.axis, second.axis) {
        case (nil, nil): axes = nil
        case (.longitude?, .latitude?), (.longitude?, nil), (nil, .latitude?): axes = .longitudeLatitude
        case (.latitude?, .longitude?), (.latitude?, nil), (nil, .longitude?): axes = .latitudeLongitude
        default: throw .unreadable("has two coordinates of the same axis")
        }
        return PlaceText(first: first.degrees, second: second.degrees, axes: axes)
    }

    /// The text in the last parentheses or in brackets; all of it where there are none.
    private static func inner(_ text: Span<UInt8>) -> (text: [UInt8], isBracketed: Bool) {
        let bytes = Glyph.withPlainBlanks(text) ?? text.withUnsafeBufferPointer { Array($0) }
        let pairs = [(UInt8(ascii: "("), UInt8(ascii: ")")), (UInt8(ascii: "["), UInt8(ascii: "]"))]
        for (open, close) in pairs where bytes.last == close {
            guard let start = bytes.lastIndex(of: open) else { continue }
            return (Array(bytes[(start + 1)..<(bytes.count - 1)]), open == UInt8(ascii: "["))
        }
        return (bytes, false)
    }
}

/// Cuts the text of two angles in two.
private struct PairCutter {
    private let text: [UInt8]
    private let decimalComma: Bool

    init(_ text: [UInt8], decimalComma: Bool) {
        self.text = text
        self.decimalComma = decimalComma
    }

    /// The two angles; nil when there is no way to cut the text.
    func angles() throws(PlaceText.Fault) -> (Angle, Angle)? {
        if let cut = only([UInt8(ascii: ";"), UInt8(ascii: "|"), UInt8(ascii: "/"), 0x0A, 0x09]) {
            return angles(cut..<(cut + 1), comma: decimalComma)
        }
        let commas = text.indices.filter { text[$0] == UInt8(ascii: ",") }
        guard commas.isEmpty else { return try atComma(commas) }
        return try atBlankOrLetter()
    }

    /// The place of the one byte among these that occurs once, where the others do not occur.
    private func only(_ marks: [UInt8]) -> Int? {
        let found = text.indices.filter { marks.contains(text[$0]) }
        return found.count == 1 ? found[0] : nil
    }

    private func atComma(_ commas: [Int]) throws(PlaceText.Fault) -> (Angle, Angle)? {
        // A single comma separates; of several, some may be decimal signs.
        var found = commas.compactMap { place in
            angles(place..<(place + 1), comma: decimalComma && commas.count > 1).map { (place, $0) }
        }
        if found.count > 1 {
            found = found.filter { place, _ in place + 1 < text.count && Glyph.isBlank(text[place + 1]) }
            guard found.count == 1 else { throw .unreadable("can be cut in two at more than one comma") }
        }
        if let found = found.first { return found.1 }
        // Decimal commas alone, as in "45,14 7,43".
        if decimalComma, let angles = try atBlankOrLetter() { return angles }
        // A third number is a height.
        guard commas.count == 2, number(commas[1] + 1..<text.count) != nil else { return nil }
        return PairCutter(Array(text[..<commas[1]]), decimalComma: false).angles(
            commas[0]..<(commas[0] + 1), comma: false)
    }

    private func number(_ range: Range<Int>) -> Double? {
        DecimalNumber.read(text.span.extracting(Glyph.trimmed(text, range)))
    }

    /// Cuts at blanks and at letters, such that both sides are written alike: `45.14 7.43`, `45.14N7.43E`, `N45 E7`.
    private func atBlankOrLetter() throws(PlaceText.Fault) -> (Angle, Angle)? {
        var cuts: [Range<Int>] = []
        for index in text.indices.dropFirst() {
            let (before, here) = (text[index - 1], text[index])
            let isCut = Glyph.isBlank(here) && !Glyph.isBlank(before) || Glyph.isLetter(here) != Glyph.isLetter(before)
            if isCut { cuts.append(index..<index) }
        }
        var found: [(Angle, Angle)] = []
        for cut in cuts {
            guard let (first, second) = angles(cut, comma: decimalComma) else { continue }
            let isAlike = first.axis == nil ? second.axis == nil && first.parts == second.parts : second.axis != nil
            guard isAlike, !found.contains(where: { $0 == (first, second) }) else { continue }
            found.append((first, second))
        }
        guard found.count <= 1 else { throw .unreadable("can be cut in two in more than one way") }
        return found.first
    }

    private func angles(_ cut: Range<Int>, comma: Bool) -> (Angle, Angle)? {
        guard let first = angle(0..<cut.lowerBound, comma: comma),
            let second = angle(cut.upperBound..<text.count, comma: comma)
        else { return nil }
        return (first, second)
    }

    private func angle(_ range: Range<Int>, comma: Bool) -> Angle? {
        if let value = number(range) { return Angle(degrees: value, axis: nil, parts: 1, isPlain: true) }
        return Angle.read(text.span.extracting(range), decimalComma: comma)
    }
}

/// Points in Well-Known Text, also with heights, measures and the reference system of EWKT.
private enum WellKnownText {
    /// - Returns: nil when the text does not begin with the name of a geometry.
    static func read(_ text: Span<UInt8>, srid: Int?) throws(PlaceText.Fault) -> PlaceText? {
        var words = String(decoding: text.withUnsafeBufferPointer { Array($0) }, as: UTF8.self).uppercased()[...]
        if words.hasPrefix("SRID=") {
            guard let end = words.firstIndex(of: ";"), let stated = Int(words[..<end].dropFirst(5)) else {
                throw .unreadable("names a reference system that is no number")
            }
            if let srid, stated != srid {
                throw .unreadable("is in the reference system \(stated); crs: states another than WGS 84")
            }
            words = words[words.index(after: end)...].drop(while: \.isWhitespace)
        }
        let name = words.prefix(while: \.isLetter)
        var rest = words[name.endIndex...]
        let kinds = [
            "POINT", "MULTIPOINT", "LINESTRING", "POLYGON", "MULTILINESTRING", "MULTIPOLYGON", "GEOMETRYCOLLECTION",
        ]
        guard let kind = kinds.first(where: { kind in ["", "Z", "M", "ZM"].contains { name == kind + $0 } }) else {
            return nil
        }
        rest = rest.drop(while: \.isWhitespace)
        for dimensions in ["ZM", "Z", "M"] where rest.hasPrefix(dimensions) {
            rest = rest.dropFirst(dimensions.count).drop(while: \.isWhitespace)
            break
        }
        if rest == "EMPTY" { throw .empty }
        // An address may begin with such a word.
        guard rest.first == "(" else { return nil }
        guard kind == "POINT" || kind == "MULTIPOINT" else { throw .unreadable("is a \(kind), not a point") }
        guard rest.last == ")" else { throw .unreadable("is no point in WKT") }
        var inner = rest.dropFirst().dropLast()
        // Each point of a MULTIPOINT may be in parentheses.
        let points = inner.count { $0 == "(" }
        if points == 1, let open = inner.firstIndex(of: "("), let close = inner.lastIndex(of: ")") {
            inner = inner[inner.index(after: open)..<close]
        }
        var numbers = inner.split(whereSeparator: \.isWhitespace)
        // A comma separates points; only between the two numbers of a POINT some write one.
        let pair = inner.split(whereSeparator: { $0.isWhitespace || $0 == "," })
        if kind == "POINT", pair.count == 2 { numbers = pair }
        guard points <= 1, !numbers.contains(where: { $0.contains(",") }) else {
            throw .unreadable("has more than one point")
        }
        let values = numbers.compactMap { DecimalNumber.read(Array($0.utf8).span) }
        guard values.count == numbers.count, (2...4).contains(values.count) else {
            throw .unreadable("is no point in WKT")
        }
        return PlaceText(first: values[0], second: values[1], axes: nil, form: .wkt)
    }
}
