/// Points in the text of an object: GeoJSON, or one with members for longitude and latitude.
///
/// Python's spelling with single quotes is read as well, since tables that were written from Python have it.
enum PlaceObject {
    private enum Token: Equatable {
        case key(String)
        case text(String)
        case number(Double)
        case open
        case close
        /// A word such as `null` or `None`, or another mark.
        case word
    }

    private static let latitudes: Set<String> = ["lat", "latitude", "y"]
    private static let longitudes: Set<String> = ["lon", "lng", "long", "longitude", "x"]
    private static let others: Set<String> = [
        "LineString", "Polygon", "MultiLineString", "MultiPolygon", "GeometryCollection",
    ]

    static func read(_ text: Span<UInt8>) throws(PlaceText.Fault) -> PlaceText {
        let tokens = try tokens(text)
        for (index, token) in tokens.enumerated() where token == .key("type") && index + 1 < tokens.count {
            guard case .text(let kind) = tokens[index + 1], others.contains(kind) else { continue }
            throw .unreadable("is a \(kind), not a point")
        }
        if let start = tokens.firstIndex(of: .key("coordinates")) { return try coordinates(tokens[(start + 1)...]) }
        guard let latitude = try value(latitudes, tokens), let longitude = try value(longitudes, tokens) else {
            // A feature without a geometry.
            if tokens.contains(.key("geometry")) || tokens.contains(where: Self.isAxis) { throw .empty }
            throw .unreadable("has neither coordinates nor members for latitude and longitude")
        }
        return PlaceText(first: longitude, second: latitude, axes: .longitudeLatitude, form: .json)
    }

    private static func isAxis(_ token: Token) -> Bool {
        if case .key(let name) = token { latitudes.contains(name) || longitudes.contains(name) } else { false }
    }

    /// The point of a Point, or of a MultiPoint of one.
    private static func coordinates(_ tokens: ArraySlice<Token>) throws(PlaceText.Fault) -> PlaceText {
        var depth = 0
        var points: [[Double]] = []
        for token in tokens {
            switch token {
            case .open:
                depth += 1
                points.append([])
            case .close: depth -= 1
            case .number(let value) where !points.isEmpty: points[points.count - 1].append(value)
            default: throw depth == 0 ? .empty : .unreadable("has coordinates that are no numbers")
            }
            if depth == 0 { break }
        }
        points.removeAll { $0.isEmpty }
        guard let point = points.first else { throw .empty }
        guard points.count == 1 else { throw .unreadable("has more than one point") }
        guard (2...4).contains(point.count) else { throw .unreadable("has a point of \(point.count) numbers") }
        return PlaceText(first: point[0], second: point[1], axes: nil, form: .json)
    }

    /// The number of the first member with one of the names; nil when there is none.
    private static func value(_ names: Set<String>, _ tokens: [Token]) throws(PlaceText.Fault) -> Double? {
        for (index, token) in tokens.enumerated() {
            guard case .key(let name) = token, names.contains(name), index + 1 < tokens.count else { continue }
            switch tokens[index + 1] {
            case .number(let value): return value
            case .text(let text):
                guard let angle = Angle.read(Array(text.utf8).span, decimalComma: true) else {
                    throw .unreadable("has \"\(name)\" that is no number")
                }
                return angle.degrees
            default: continue
            }
        }
        return nil
    }

    private static func tokens(_ text: Span<UInt8>) throws(PlaceText.Fault) -> [Token] {
        var tokens: [Token] = []
        var index = 0
        while index < text.count {
            let byte = text[index]
            switch byte {
            case UInt8(ascii: "["):
                tokens.append(.open)
                index += 1
            case UInt8(ascii: "]"):
                tokens.append(.close)
                index += 1
            case UInt8(ascii: "\""), UInt8(ascii: "'"):
                guard let end = string(text, from: index + 1, quote: byte) else {
                    throw .unreadable("has a quote that is not closed")
                }
                let bytes = (index + 1..<end).map { text[$0] }
                index = end + 1
                while index < text.count, Glyph.isBlank(text[index]) { index += 1 }
                let isKey = index < text.count && text[index] == UInt8(ascii: ":")
                let content = String(decoding: bytes, as: UTF8.self)
                // Names of members are compared without case.
                tokens.append(isKey ? .key(content.lowercased()) : .text(content))
            case _ where Glyph.isBlank(byte) || [UInt8(ascii: ","), UInt8(ascii: ":")].contains(byte): index += 1
            case UInt8(ascii: "{"), UInt8(ascii: "}"): index += 1
            default:
                let start = index
                while index < text.count, !endsWord(text[index]) { index += 1 }
                let number = DecimalNumber.read(text.extracting(start..<index))
                tokens.append(number.map { .number($0) } ?? .word)
            }
        }
        return tokens
    }

    private static func string(_ text: Span<UInt8>, from start: Int, quote: UInt8) -> Int? {
        var index = start
        while index < text.count {
            if text[index] == quote { return index }
            index += text[index] == UInt8(ascii: "\\") ? 2 : 1
        }
        return nil
    }

    private static func endsWord(_ byte: UInt8) -> Bool {
        Glyph.isBlank(byte) || ",:[]{}\"'".utf8.contains(byte)
    }
}
