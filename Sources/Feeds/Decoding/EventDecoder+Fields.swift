import Risk

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

    func coordinates(_ row: Row) throws(Rejection) -> (longitude: Double, latitude: Double) {
        let longitude = try coordinate(row, longitudeColumn, limit: 180)
        let latitude = try coordinate(row, latitudeColumn, limit: 90)
        guard longitude != 0 || latitude != 0 || mapping.coordinates.allowsNullIsland else {
            throw Rejection(.nullIsland, "\(name(longitudeColumn)) and \(name(latitudeColumn)) are both 0")
        }
        return (longitude, latitude)
    }

    private func coordinate(_ row: Row, _ column: Int, limit: Double) throws(Rejection) -> Double {
        let text = row.text(column)
        guard !text.isEmpty else { throw missing(column) }
        let bytes = row.bytes.span.extracting(text)
        guard let value = DecimalNumber.read(bytes) else {
            throw Rejection(.badNumber, "\(name(column)): \(RawText.quoted(bytes)) is no number")
        }
        guard value.magnitude <= limit else {
            let range = "-\(Int(limit)) to \(Int(limit))"
            throw Rejection(.outOfRange, "\(name(column)): \(RawText.quoted(bytes)) is not within \(range)")
        }
        return value
    }

    func missing(_ column: Int) -> Rejection { Rejection(.missingValue, "\(name(column)) is blank") }

    private func tooLong(_ column: Int, _ text: Range<Int>, _ limit: Int) -> Rejection {
        Rejection(.valueTooLong, "\(name(column)) has \(text.count) bytes where \(limit) are the limit")
    }
}
