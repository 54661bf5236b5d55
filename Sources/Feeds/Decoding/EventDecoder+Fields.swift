extension EventDecoder {
    func eventType(_ row: Row) throws(Rejection) -> ArraySlice<UInt8> {
        guard let column = eventTypeColumn else {
            guard case .constant(let type) = mapping.eventType else { return [] }
            return Array(type.utf8)[...]
        }
        let text = row.text(column)
        guard !text.isEmpty else { throw missing(column) }
        guard text.count <= Self.maximumTypeBytes else { throw tooLong(column, text, Self.maximumTypeBytes) }
        guard case .lookup(_, let types, let otherwise) = mapping.eventType else { return row.bytes[text] }
        guard let type = types[String(decoding: row.bytes[text], as: UTF8.self)] ?? otherwise else {
            let value = RawText.quoted(row.bytes.span.extracting(text))
            throw Rejection(.unknownEventType, "\(name(column)): \(value) is not in the mapping's lookup")
        }
        return Array(type.utf8)[...]
    }

    /// The source's id; empty when it has none.
    func eventID(_ row: Row) throws(Rejection) -> ArraySlice<UInt8> {
        guard let column = eventIDColumn else { return [] }
        let text = row.text(column)
        guard text.count <= Self.maximumIDBytes else { throw tooLong(column, text, Self.maximumIDBytes) }
        return row.bytes[text]
    }

    /// Whether every filter lets the record through.
    func isWanted(_ row: Row) -> Bool {
        filters.allSatisfy { column, filter in
            let text = String(decoding: row.bytes[row.text(column)], as: UTF8.self)
            return filter.values.contains(text) == filter.keeps
        }
    }

    /// The number of events that the record stands for.
    func count(_ row: Row) throws(Rejection) -> Int {
        guard let column = countColumn else { return 1 }
        let text = row.text(column)
        let bytes = row.bytes.span.extracting(text)
        if let words = mapping.count?.suppressed, !words.isEmpty,
            words.contains(String(decoding: row.bytes[text], as: UTF8.self).lowercased())
        {
            throw Rejection(
                .suppressedCount, "\(name(column)): \(RawText.quoted(bytes)) is a count that the source keeps secret")
        }
        guard !isNone(bytes) else { throw missing(column) }
        guard let count = numbers.whole(bytes), (0...Self.maximumCount).contains(count) else {
            throw Rejection(
                .badCount, "\(name(column)): \(RawText.quoted(bytes)) is not a number from 0 to \(Self.maximumCount)")
        }
        return count
    }

    /// Whether a number or a time is missing: blank, or one of the words that other programs write for a missing value.
    static func isNone(_ text: Span<UInt8>) -> Bool {
        if text.isEmpty { return true }
        guard text.count <= 4 else { return false }
        return wordsForNone.contains { word in
            word.count == text.count && word.indices.allSatisfy { word[$0] == lowercased(text[$0]) }
        }
    }

    func isNone(_ text: Span<UInt8>) -> Bool { Self.isNone(text) }

    /// The words for a missing value. In a text they may be a value: NA is Namibia.
    private static let wordsForNone = ["na", "n/a", "#n/a", "null", "none", "-", "--"].map { Array($0.utf8) }

    private static func lowercased(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
    }

    func missing(_ column: Int) -> Rejection { Rejection(.missingValue, "\(name(column)) is blank") }

    private func tooLong(_ column: Int, _ text: Range<Int>, _ limit: Int) -> Rejection {
        Rejection(.valueTooLong, "\(name(column)) has \(text.count) bytes; the limit is \(limit)")
    }
}
