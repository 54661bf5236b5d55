import Risk

extension EventDecoder {
    /// In degrees of WGS 84.
    func coordinates(_ row: Row) throws(Rejection) -> (longitude: Double, latitude: Double) {
        guard let longitudeColumn, let latitudeColumn else {
            throw Rejection(.missingValue, "the file has no columns for coordinates")
        }
        let x = try coordinate(row, longitudeColumn, limit: mapping.coordinates.projection == nil ? 180 : .infinity)
        let y = try coordinate(row, latitudeColumn, limit: mapping.coordinates.projection == nil ? 90 : .infinity)
        guard x != 0 || y != 0 || mapping.coordinates.allowsNullIsland else {
            throw Rejection(.nullIsland, "\(name(longitudeColumn)) and \(name(latitudeColumn)) are both 0")
        }
        var (longitude, latitude) = (x, y)
        if let projection = mapping.coordinates.projection {
            guard let degrees = projection.degrees(x: x, y: y), degrees.longitude.magnitude <= 180,
                degrees.latitude.magnitude <= 90
            else {
                throw Rejection(
                    .notProjectable,
                    "\(name(longitudeColumn)) \(x) and \(name(latitudeColumn)) \(y) are no place of \(projection.name)")
            }
            (longitude, latitude) = degrees
        }
        if let bounds = mapping.coordinates.bounds, !bounds.contains(longitude: longitude, latitude: latitude) {
            throw Rejection(
                .outOfBounds,
                "\(name(longitudeColumn)) and \(name(latitudeColumn)) give (\(longitude), \(latitude)), which is outside "
                    + "the mapping's bounds")
        }
        return (longitude, latitude)
    }

    private func coordinate(_ row: Row, _ column: Int, limit: Double) throws(Rejection) -> Double {
        let text = row.text(column)
        guard !text.isEmpty else { throw missing(column) }
        let bytes = row.bytes.span.extracting(text)
        guard let value = number(bytes) else {
            throw Rejection(.badNumber, "\(name(column)): \(RawText.quoted(bytes)) is no number")
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
