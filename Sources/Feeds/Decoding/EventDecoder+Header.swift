extension EventDecoder {
    /// Finds the mapping's columns in a file's header.
    ///
    /// - Parameters:
    ///   - header: the names of the file's columns.
    ///   - file: its name, for messages.
    ///   - defaultZone: the dataset's time zone, used where the mapping names none.
    init(
        mapping: Mapping, header: [String], file: String, line: Int, defaultZone: ZoneOffsets
    ) throws(FeedError) {
        let index = ColumnIndex(header: header, mapping: mapping, file: file, line: line)
        self.mapping = mapping
        zone = mapping.time.zone ?? defaultZone
        columnNames = index.names
        switch mapping.eventType {
        case .constant: eventTypeColumn = nil
        case .column(let column), .lookup(let column, _, _): eventTypeColumn = try index.position(of: column)
        }
        eventIDColumn = try mapping.eventID.flatMap { column throws(FeedError) in try index.position(of: column) }
        timeColumn = try index.requiredPosition(of: mapping.time.column)
        hourColumn = try mapping.time.hour.flatMap { column throws(FeedError) in try index.position(of: column) }
        longitudeColumn = try index.requiredPosition(of: mapping.coordinates.longitude)
        latitudeColumn = try index.requiredPosition(of: mapping.coordinates.latitude)
        var used = [eventTypeColumn, eventIDColumn, timeColumn, hourColumn, longitudeColumn, latitudeColumn]
        switch mapping.attributes {
        case .json(let column):
            let position = try index.requiredPosition(of: column)
            attributes = .json(position)
            used.append(position)
        case .texts(let texts, let constants):
            var columns: [(key: [UInt8], column: Int)] = []
            for (key, column) in texts {
                let position = try index.requiredPosition(of: column)
                columns.append((JSONText.string(key) + [UInt8(ascii: ":")], position))
                used.append(position)
            }
            let members = constants.map { JSONText.string($0.key) + [UInt8(ascii: ":")] + JSONText.string($0.value) }
            attributes = .texts(columns, constants: Array(members.joined(separator: [UInt8(ascii: ",")])))
        }
        usedColumns = Set(used.compactMap { $0 }).sorted()
    }
}
