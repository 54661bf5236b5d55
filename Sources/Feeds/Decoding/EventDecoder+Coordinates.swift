import Domain

extension EventDecoder {
    /// The coordinates in degrees of WGS 84.
    func coordinates(_ row: Row) throws(Rejection) -> (longitude: Double, latitude: Double) {
        switch place {
        case .point(let longitude?, let latitude?): return try point(row, longitude, latitude)
        case .point: throw Rejection(.missingValue, "the file has no columns for coordinates")
        case .name(let column, let places): return try point(row, column, of: places)
        }
    }

    private func point(
        _ row: Row, _ longitudeColumn: Int, _ latitudeColumn: Int
    ) throws(Rejection) -> (longitude: Double, latitude: Double) {
        let x = try coordinate(row, longitudeColumn, limit: mapping.coordinates.projection == nil ? 180 : .infinity)
        let y = try coordinate(row, latitudeColumn, limit: mapping.coordinates.projection == nil ? 90 : .infinity)
        let columns = "\(name(longitudeColumn)) and \(name(latitudeColumn))"
        guard x != 0 || y != 0 || mapping.coordinates.allowsNullIsland else {
            throw Rejection(.nullIsland, "\(columns) are both 0")
        }
        var (longitude, latitude) = (x, y)
        if let projection = mapping.coordinates.projection {
            guard let degrees = projection.degrees(x: x, y: y), degrees.longitude.magnitude <= 180,
                degrees.latitude.magnitude <= 90
            else {
                throw Rejection(
                    .notProjectable,
                    "\(name(longitudeColumn)) \(x) and \(name(latitudeColumn)) \(y) are outside \(projection.name)")
            }
            (longitude, latitude) = degrees
        }
        try checkBounds(longitude, latitude, columns)
        return (longitude, latitude)
    }

    private func point(
        _ row: Row, _ column: Int, of places: Mapping.NamedPlaces
    ) throws(Rejection) -> (longitude: Double, latitude: Double) {
        let text = row.text(column)
        guard !text.isEmpty else { throw missing(column) }
        guard let table = places.table else {
            throw Rejection(.unknownPlace, "\(name(column)): there is no file of places \(places.file)")
        }
        let value = "\(name(column)): \(RawText.quoted(row.bytes.span.extracting(text)))"
        guard let point = table.point(of: String(decoding: row.bytes[text], as: UTF8.self)) else {
            throw Rejection(.unknownPlace, "\(value) is not in the file of places")
        }
        guard point.longitude != 0 || point.latitude != 0 || mapping.coordinates.allowsNullIsland else {
            throw Rejection(.nullIsland, "\(value) is at (0, 0)")
        }
        try checkBounds(point.longitude, point.latitude, value)
        return point
    }

    private func checkBounds(_ longitude: Double, _ latitude: Double, _ source: String) throws(Rejection) {
        guard let bounds = mapping.coordinates.bounds, !bounds.contains(longitude: longitude, latitude: latitude) else {
            return
        }
        throw Rejection(
            .outOfBounds, "\(source) give (\(longitude), \(latitude)), which is outside the mapping's bounds")
    }

    private func coordinate(_ row: Row, _ column: Int, limit: Double) throws(Rejection) -> Double {
        let text = row.text(column)
        let bytes = row.bytes.span.extracting(text)
        guard !isNone(bytes) else { throw missing(column) }
        guard let value = number(bytes) else {
            throw Rejection(.badNumber, "\(name(column)): \(RawText.quoted(bytes)) is not a number")
        }
        guard value.magnitude <= limit, value.isFinite else {
            let range = limit.isFinite ? "within -\(Int(limit)) to \(Int(limit))" : "finite"
            throw Rejection(.outOfRange, "\(name(column)): \(RawText.quoted(bytes)) is not \(range)")
        }
        return value
    }

    private func number(_ text: Span<UInt8>) -> Double? {
        if decimal != .comma, let value = DecimalNumber.read(text) { return value }
        guard decimal != .point else { return nil }
        var bytes = text.withUnsafeBufferPointer { Array($0) }
        if let comma = bytes.firstIndex(of: UInt8(ascii: ",")) {
            guard !bytes.contains(UInt8(ascii: ".")) else { return nil }
            bytes[comma] = UInt8(ascii: ".")
        } else if bytes.contains(UInt8(ascii: ".")) {
            return nil
        }
        return DecimalNumber.read(bytes.span)
    }
}
