import Domain

extension EventDecoder {
    /// The coordinates in degrees of WGS 84.
    ///
    /// - Parameter isSwapped: Whether the first and the second coordinate are exchanged.
    func coordinates(
        _ row: Row, isSwapped: Bool = false
    ) throws(Rejection) -> (longitude: Double, latitude: Double) {
        switch place {
        case .point(let longitude?, let latitude?):
            return try isSwapped ? point(row, latitude, longitude) : point(row, longitude, latitude)
        case .text(let column?, let axes): return try point(row, in: column, axes, isSwapped: isSwapped)
        case .point, .text: throw Rejection(.missingValue, "the file has no columns for coordinates")
        case .name(let column, let places):
            return try point(
                row, column, of: places.table, named: "the file of places",
                missing: "there is no file of places \(places.file)")
        case .area(let column, let areas):
            return try point(
                row, column, of: areas.table ?? areas.places?.table,
                named: areas.isOfLayer ? "the area layer \(areas.layer)" : "the file of places",
                missing: areas.missing)
        }
    }

    private func point(
        _ row: Row, _ longitudeColumn: Int, _ latitudeColumn: Int
    ) throws(Rejection) -> (longitude: Double, latitude: Double) {
        let isProjected = mapping.coordinates.projection != nil
        let x = try coordinate(row, longitudeColumn, isProjected ? nil : .longitude)
        let y = try coordinate(row, latitudeColumn, isProjected ? nil : .latitude)
        guard x != 0 || y != 0 || mapping.coordinates.allowsNullIsland else {
            throw Rejection(.nullIsland, "\(name(longitudeColumn)) and \(name(latitudeColumn)) are both 0")
        }
        var (longitude, latitude) = (x, y)
        if let projection = mapping.coordinates.projection {
            guard let degrees = Self.degrees(x, y, projection) else {
                throw Rejection(
                    .notProjectable,
                    "\(name(longitudeColumn)) \(x) and \(name(latitudeColumn)) \(y) are outside \(projection.name)")
            }
            (longitude, latitude) = degrees
        }
        try checkBounds(longitude, latitude, "\(name(longitudeColumn)) and \(name(latitudeColumn))")
        return (longitude, latitude)
    }

    /// The point of a column that holds both coordinates.
    private func point(
        _ row: Row, in column: Int, _ axes: PlaceText.Axes, isSwapped: Bool
    ) throws(Rejection) -> (longitude: Double, latitude: Double) {
        let bytes = row.bytes.span.extracting(row.text(column))
        guard !isNone(bytes) else { throw missing(column) }
        func value() -> String { "\(name(column)): \(RawText.quoted(row.bytes.span.extracting(row.text(column))))" }
        let projection = mapping.coordinates.projection
        let place: PlaceText
        do {
            place = try PlaceText.read(
                bytes, decimalComma: numbers.decimal != .point, srid: projection == nil ? 4326 : nil)
        } catch {
            switch error {
            case .empty: throw missing(column)
            case .unreadable(let problem): throw Rejection(.badPlace, "\(value()) \(problem)")
            }
        }
        var (longitude, latitude) = place.point(axes)
        if isSwapped { swap(&longitude, &latitude) }
        guard longitude.isFinite, latitude.isFinite else { throw Rejection(.outOfRange, "\(value()) is not finite") }
        guard longitude != 0 || latitude != 0 || mapping.coordinates.allowsNullIsland else {
            throw Rejection(.nullIsland, "\(value()) is (0, 0)")
        }
        if let projection {
            guard let degrees = Self.degrees(longitude, latitude, projection) else {
                throw Rejection(.notProjectable, "\(value()) is outside \(projection.name)")
            }
            (longitude, latitude) = degrees
        }
        guard longitude.magnitude <= 180, latitude.magnitude <= 90 else {
            throw Rejection(
                .outOfRange,
                "\(value()): the longitude \(longitude) is not within -180 to 180, or the latitude \(latitude) not "
                    + "within -90 to 90; coordinates.axes says which comes first")
        }
        try checkBounds(longitude, latitude, value())
        return (longitude, latitude)
    }

    /// The longitude and latitude; nil where the reference system has no such place.
    private static func degrees(
        _ x: Double, _ y: Double, _ projection: Projection
    ) -> (longitude: Double, latitude: Double)? {
        guard let degrees = projection.degrees(x: x, y: y), degrees.longitude.magnitude <= 180,
            degrees.latitude.magnitude <= 90
        else { return nil }
        return degrees
    }

    private func point(
        _ row: Row, _ column: Int, of table: PlaceTable?, named source: @autoclosure () -> String,
        missing absence: @autoclosure () -> String
    ) throws(Rejection) -> (longitude: Double, latitude: Double) {
        let text = row.text(column)
        guard !text.isEmpty else { throw missing(column) }
        guard let table else { throw Rejection(.unknownPlace, "\(name(column)): \(absence())") }
        func value() -> String { "\(name(column)): \(RawText.quoted(row.bytes.span.extracting(text)))" }
        let place = String(decoding: row.bytes[text], as: UTF8.self)
        guard let point = table.point(of: place) else {
            throw Rejection(.unknownPlace, "\(value()) is not in \(source())")
        }
        guard !table.isAmbiguous(place) else {
            throw Rejection(.unknownPlace, "\(value()) is the name of several areas in \(source())")
        }
        guard point.longitude != 0 || point.latitude != 0 || mapping.coordinates.allowsNullIsland else {
            throw Rejection(.nullIsland, "\(value()) is at (0, 0)")
        }
        try checkBounds(point.longitude, point.latitude, value())
        return point
    }

    private func checkBounds(
        _ longitude: Double, _ latitude: Double, _ source: @autoclosure () -> String
    ) throws(Rejection) {
        guard let bounds = mapping.coordinates.bounds, !bounds.contains(longitude: longitude, latitude: latitude) else {
            return
        }
        throw Rejection(
            .outOfBounds, "\(source()) give (\(longitude), \(latitude)), which is outside the mapping's bounds")
    }

    /// - Parameter axis: The axis of degrees; nil for a projected coordinate.
    private func coordinate(_ row: Row, _ column: Int, _ axis: Angle.Axis?) throws(Rejection) -> Double {
        let text = row.text(column)
        let bytes = row.bytes.span.extracting(text)
        guard !isNone(bytes) else { throw missing(column) }
        var number = numbers.read(bytes, grouped: axis == nil)
        if number == nil { number = try angle(bytes, column, axis) }
        guard let value = number else {
            throw Rejection(.badNumber, "\(name(column)): \(RawText.quoted(bytes)) is not a number")
        }
        let limit: Double = axis == nil ? .infinity : axis == .longitude ? 180 : 90
        guard value.magnitude <= limit, value.isFinite else {
            let range = limit.isFinite ? "within -\(Int(limit)) to \(Int(limit))" : "finite"
            throw Rejection(.outOfRange, "\(name(column)): \(RawText.quoted(bytes)) is not \(range)")
        }
        return value
    }

    /// The degrees of an angle that is no plain number; nil when it is no angle.
    private func angle(_ text: Span<UInt8>, _ column: Int, _ axis: Angle.Axis?) throws(Rejection) -> Double? {
        guard let axis, let angle = Angle.read(text, decimalComma: numbers.decimal != .point), !angle.isPlain else {
            return nil
        }
        guard angle.axis == nil || angle.axis == axis else {
            throw Rejection(
                .badNumber,
                "\(name(column)): \(RawText.quoted(text)) is a \(axis == .longitude ? "latitude" : "longitude")")
        }
        return angle.degrees
    }
}
