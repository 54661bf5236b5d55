package import Feeds

/// Messages as the text of one file: a line for each event of JSON, or lines of CSV below a header.
///
/// Whatever could change the meaning of its neighbours in such a file is kept out of it and told as unreadable.
package struct MessageText: Sendable {
    /// A message that cannot be a record of a file.
    package struct Unreadable: Hashable, Sendable {
        /// The message, or its beginning, as dead letters keep it.
        package let raw: String
        package let reason: RejectionReason
        /// The fault in one sentence.
        package let detail: String
    }

    /// The largest message in bytes, which is that of a record.
    package static let mostBytes = 1 << 20
    /// The bytes that are kept of a larger one.
    private static let keptBytes = 64 << 10

    package private(set) var bytes: [UInt8] = []
    package private(set) var unreadable: [Unreadable] = []
    /// The number of messages without any content, such as the marks by which Kafka deletes keys.
    package private(set) var empty = 0

    package init(_ messages: [BrokerMessage], as format: MessageStream.Format) {
        if case .csv(let columns) = format { bytes += Array(Self.header(columns).utf8) }
        let start = bytes.count
        for message in messages { add(message, format) }
        // A header alone is no file with records.
        if bytes.count == start { bytes = [] }
    }

    private mutating func add(_ message: BrokerMessage, _ format: MessageStream.Format) {
        let payload = Self.trimmed(message.payload)
        guard !payload.isEmpty else {
            empty += 1
            return
        }
        guard payload.count <= Self.mostBytes else {
            return refuse(
                payload.prefix(Self.keptBytes), .recordTooLong,
                "\(Self.name(message)) has \(payload.count) bytes, more than \(Self.mostBytes); "
                    + "its first \(Self.keptBytes) are kept")
        }
        guard RawText.isUTF8(payload.span) else {
            return refuse(payload, .badUTF8, "\(Self.name(message)) is not UTF-8")
        }
        guard !payload.contains(0) else { return refuse(payload, .nulByte, "\(Self.name(message)) holds a NUL byte") }
        switch format {
        case .json, .geojson: addJSON(payload, message, isGeoJSON: format == .geojson)
        case .csv:
            guard payload.count(where: { $0 == UInt8(ascii: "\"") }).isMultiple(of: 2) else {
                return refuse(payload, .unterminatedQuote, "\(Self.name(message)) opens a quote that it does not close")
            }
            bytes += payload
            bytes.append(UInt8(ascii: "\n"))
        }
    }

    private mutating func addJSON(_ payload: [UInt8], _ message: BrokerMessage, isGeoJSON: Bool) {
        let elements: [Range<Int>]?
        switch payload[0] {
        case UInt8(ascii: "["): elements = JSONElements.ofArray(payload)
        case UInt8(ascii: "{"):
            // A feature has no member of this name, so it is a record itself.
            elements = (isGeoJSON ? JSONElements.ofMember("features", in: payload) : nil) ?? [0..<payload.count]
        default: elements = nil
        }
        guard let elements, elements.allSatisfy({ payload[$0.lowerBound] == UInt8(ascii: "{") }) else {
            return refuse(payload, .badJSON, "\(Self.name(message)) is not a JSON object or an array of objects")
        }
        for element in elements {
            // In JSON a line end stands only between values, where a space means the same.
            bytes += payload[element].lazy.map { $0 == 0x0A || $0 == 0x0D ? 0x20 : $0 }
            bytes.append(UInt8(ascii: "\n"))
        }
    }

    private mutating func refuse(_ payload: some Sequence<UInt8>, _ reason: RejectionReason, _ detail: String) {
        unreadable.append(Unreadable(raw: RawText.lossless(Array(payload)[...]), reason: reason, detail: detail))
    }

    /// The message in words for people.
    package static func name(_ message: BrokerMessage) -> String {
        message.offset.map { "the message \($0) of \(message.place)" } ?? "a message of \(message.place.topic)"
    }

    private static func header(_ columns: [String]) -> String {
        columns.map { "\"\($0.replacing("\"", with: "\"\""))\"" }.joined(separator: ",") + "\n"
    }

    /// The message without space around it and without the mark at the beginning of files of UTF-8.
    private static func trimmed(_ payload: [UInt8]) -> [UInt8] {
        var rest = payload[...]
        if rest.starts(with: [0xEF, 0xBB, 0xBF]) { rest = rest.dropFirst(3) }
        func isSpace(_ byte: UInt8) -> Bool { [0x20, 0x09, 0x0A, 0x0D].contains(byte) }
        rest = rest.drop(while: isSpace)
        while let last = rest.last, isSpace(last) { rest = rest.dropLast() }
        return Array(rest)
    }
}
