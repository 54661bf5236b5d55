import Domain

extension EventDecoder {
    /// Finds the mapping's columns in a file's header.
    ///
    /// - Parameters:
    ///   - header: the names of the file's columns.
    ///   - containers: The columns among them that contain other columns.
    ///   - file: The name of the file, for messages.
    ///   - dialect: How the file is written; its format must be set.
    ///   - defaultZone: The dataset's time zone, for a mapping that names none.
    init(
        mapping: Mapping, header: [String], containers: Set<String> = [], file: String, line: Int, dialect: Dialect,
        defaultZone: ZoneOffsets
    ) throws(FeedError) {
        let index = ColumnIndex(header: header, mapping: mapping, file: file, line: line)
        self.mapping = mapping
        zone = mapping.time.zone ?? defaultZone
        columnNames = index.names
        delimiter = dialect.isJSON ? nil : dialect.delimiter
        isSheet = dialect.format == .xlsx
        numbers = NumberReader(
            decimal: dialect.decimal ?? (dialect.delimiter == UInt8(ascii: ",") ? .point : nil),
            thousands: mapping.thousands)
        believedReadings = mapping.time.years.map { years in
            ClockReading(year: years.lowerBound).seconds..<ClockReading(year: years.upperBound + 1).seconds
        }
        let likely = mapping.time.likelyYears
        let first = zone.instant(atReading: ClockReading(year: likely.lowerBound).seconds)
        let end = zone.instant(atReading: ClockReading(year: likely.upperBound + 1).seconds)
        // A constant is what the mapping's author means.
        if case .constant = mapping.time.source {
            likelyTimes = Instant.earliest..<Instant.latest
        } else {
            likelyTimes = Instant(seconds: first)..<Instant(seconds: end)
        }
        switch mapping.eventType {
        case .constant: eventTypeColumn = nil
        case .column(let column), .lookup(let column, _, _): eventTypeColumn = try index.position(of: column)
        }
        eventIDColumn = try mapping.eventID.flatMap { column throws(FeedError) in try index.position(of: column) }
        time = try mapping.time.source.map { column throws(FeedError) in try index.requiredPosition(of: column) }
        clock = try mapping.time.clock.map { column throws(FeedError) in try index.requiredPosition(of: column) }
        switch mapping.coordinates.place {
        case .point(let longitude, let latitude):
            place = .point(
                longitude: try index.position(of: longitude), latitude: try index.position(of: latitude))
        case .text(let column, let axes): place = .text(try index.position(of: column), axes)
        case .name(let column, let places): place = .name(try index.requiredPosition(of: column), places)
        case .area(let column, let areas): place = .area(try index.requiredPosition(of: column), areas)
        case .nowhere: place = .point(longitude: nil, latitude: nil)
        }
        expenditure = try mapping.expenditure.map { rule throws(FeedError) in try ExpenditurePlaces(rule, index) }
        countColumn = try mapping.count.map { rule throws(FeedError) in try index.requiredPosition(of: rule.column) }
        var filters: [(column: Int, filter: Mapping.Filter)] = []
        for filter in mapping.filters { filters.append((try index.requiredPosition(of: filter.column), filter)) }
        self.filters = filters
        var used = [eventTypeColumn, eventIDColumn, countColumn]
        for column in time.columns + clock.columns { used.append(column) }
        used.append(expenditure?.amount)
        // The column with the name of a place may be an attribute as well.
        switch place {
        case .point(let longitude, let latitude): used += [longitude, latitude]
        case .text(let column, _): used.append(column)
        case .name, .area: break
        }
        let attributes = try Self.attributes(index, containers, taken: Set(used.compactMap { $0 }))
        self.attributes = attributes
        let texts = expenditure?.texts ?? []
        attributeNames =
            expenditure == nil ? Self.names(of: attributes, index.names) : texts.map { index.names[$0] }
        checks = try Self.checks(index)
        uniqueColumns = mapping.expect.uniqueColumns.count
        switch place {
        case .name(let column, _), .area(let column, _): used.append(column)
        case .point, .text: break
        }
        used += filters.map(\.column)
        leastFields = (used.compactMap { $0 }.max() ?? -1) + 1
        switch attributes {
        case .json(let column): used.append(column)
        case .texts(let columns, _): used += columns.map(\.column)
        }
        used += checks.map(\.column)
        used += texts.map(Optional.some)
        usedColumns = Set(used.compactMap { $0 }).sorted()
        var falseForNull: [Int] = []
        for column in mapping.remedies.falseForNull {
            guard let place = try index.position(of: column), usedColumns.contains(place) else { continue }
            falseForNull.append(place)
        }
        self.falseForNull = falseForNull
    }

    private static func attributes(
        _ index: ColumnIndex, _ containers: Set<String>, taken: Set<Int>
    ) throws(FeedError) -> AttributeColumns {
        var columns: [(key: String, column: Int)] = []
        var constants: [(key: String, value: String)]
        switch index.mapping.attributes {
        case .json(let column): return .json(try index.requiredPosition(of: column))
        case .texts(let texts, let fixed):
            for (key, column) in texts { columns.append((key, try index.requiredPosition(of: column))) }
            constants = fixed
        case .all(let included, let excluded, let fixed):
            var dropped = taken
            var kept: Set<Int> = []
            for column in excluded { dropped.insert(try index.requiredPosition(of: column)) }
            for column in included { kept.insert(try index.requiredPosition(of: column)) }
            for (place, name) in index.names.enumerated() where !dropped.contains(place) {
                guard kept.contains(place) || !(name.isEmpty || containers.contains(name) || PersonalColumn.isOne(name))
                else { continue }
                columns.append((name, place))
            }
            constants = fixed
        }
        if case .area(_, let areas) = index.mapping.coordinates.place, areas.isOfLayer {
            constants.append((Mapping.NamedAreas.mark, "area:\(areas.layer)"))
        }
        let members = constants.map { JSONText.string($0.key) + [UInt8(ascii: ":")] + JSONText.string($0.value) }
        var numbers: Set<Int> = []
        for column in index.mapping.remedies.numbersAsText {
            if let place = try index.position(of: column) { numbers.insert(place) }
        }
        return .texts(
            columns.map { key, column in
                AttributeColumn(
                    key: JSONText.string(key) + [UInt8(ascii: ":")], column: column, isNumber: numbers.contains(column))
            },
            constants: Array(members.joined(separator: [UInt8(ascii: ",")])))
    }
}
