/// Where the place of an event seems to stand, by the names and values of the columns.
struct PlaceGuess {
    enum Place {
        case degrees(longitude: Int, latitude: Int)
        /// Coordinates of a reference system that the file does not name.
        case projected(x: Int, y: Int)
        /// Both coordinates in one column.
        case text(Int, PlaceText.Axes, isProjected: Bool)
    }

    var place: Place
    /// A doubt about it, for a comment in the mapping and a note beside it.
    var doubt: String?

    var columns: [Int] {
        switch place {
        case .degrees(let east, let north), .projected(let east, let north): [east, north]
        case .text(let column, _, _): [column]
        }
    }

    private static let latitudes: Set<String> = [
        "lat", "lats", "latitude", "latitud", "latitudine", "latdd", "breite", "breitengrad", "breitegrad", "geobreite",
        "breddegrad", "breedtegraad", "szerokosc", "leveysaste",
    ]
    private static let longitudes: Set<String> = [
        "lon", "lng", "long", "lons", "longitude", "longitud", "longitudine", "londd", "lange", "laenge", "langengrad",
        "laengengrad", "geolange", "lengdegrad", "langdegrad", "lengtegraad", "dlugosc", "pituusaste",
    ]
    private static let easts: Set<String> = [
        "x", "xcoord", "xcoordinate", "coordx", "pointx", "geox", "easting", "eastings", "rechtswert", "este",
    ]
    private static let norths: Set<String> = [
        "y", "ycoord", "ycoordinate", "coordy", "pointy", "geoy", "northing", "northings", "hochwert", "norte",
    ]
    private static let both: Set<String> = [
        "latlng", "latlon", "latlong", "lnglat", "lonlat", "longlat", "location", "loc", "point", "geopoint", "coord",
        "coords", "coordinate", "coordinates", "geo", "geom", "geometry", "geolocation", "georeference", "wkt", "gps",
        "position", "punkt", "koordinaten", "coordonnees", "coordenadas", "ubicacion", "localizacion", "standort",
        "shape",
    ]
    /// Ends of trips and places of other things.
    private static let others: Set<String> = ["end", "to", "dest", "destination", "dropoff", "home", "station"]

    /// - Returns: nil when no columns look like a place.
    static func find(in sample: FileSample) -> PlaceGuess? {
        let names = sample.header.map(ColumnName.init)
        let usable = sample.header.indices.filter(sample.isUsable)
        func best(_ words: Set<String>, not other: Set<String>, _ element: String, _ axis: Angle.Axis?) -> Int? {
            let fitting = usable.filter { column in
                let isElement = sample.header[column].lowercased() == element
                guard isElement || names[column].has(words) && !names[column].has(other) else { return false }
                let values = sample.values(column)
                return values.isEmpty || sample.mostly(values) { isCoordinate($0, sample, axis) }
            }
            return fitting.min { first, second in
                func rank(_ column: Int) -> Int {
                    (names[column].words.count == 1 ? 0 : 1) + (names[column].has(others) ? 2 : 0)
                }
                return (rank(first), first) < (rank(second), second)
            }
        }
        if let longitude = best(longitudes, not: latitudes, "geometry.coordinates.0", .longitude),
            let latitude = best(latitudes, not: longitudes, "geometry.coordinates.1", .latitude)
        {
            return PlaceGuess(place: .degrees(longitude: longitude, latitude: latitude))
        }
        let x = best(easts, not: norths, "", nil)
        let y = best(norths, not: easts, "", nil)
        if let x, let y, !isProjected(x, y, sample) {
            return PlaceGuess(place: .degrees(longitude: x, latitude: y))
        }
        if let guess = inOneColumn(sample, names, usable) { return guess }
        guard let x, let y else { return nil }
        return PlaceGuess(place: .projected(x: x, y: y))
    }

    /// - Parameter axis: The axis of degrees; nil for any number.
    private static func isCoordinate(_ text: String, _ sample: FileSample, _ axis: Angle.Axis?) -> Bool {
        guard let axis else { return sample.number(text, grouped: true) != nil }
        let limit: Double = axis == .longitude ? 180 : 90
        if let number = sample.number(text) { return number.magnitude <= limit }
        guard let angle = Angle.read(Array(text.utf8).span, decimalComma: sample.numbers.decimal != .point),
            !angle.isPlain
        else { return false }
        return angle.degrees.magnitude <= limit && (angle.axis == nil || angle.axis == axis)
    }

    /// Whether most of the points cannot be degrees.
    private static func isProjected(_ x: Int, _ y: Int, _ sample: FileSample) -> Bool {
        let points = sample.pairs(x, y).compactMap { pair -> (Double, Double)? in
            guard let x = sample.number(pair.0, grouped: true), let y = sample.number(pair.1, grouped: true) else {
                return nil
            }
            return (x, y)
        }
        let far = points.count { $0.0.magnitude > 180 || $0.1.magnitude > 90 }
        return far * 2 > points.count
    }

    private static func inOneColumn(_ sample: FileSample, _ names: [ColumnName], _ usable: [Int]) -> PlaceGuess? {
        var found: [(column: Int, isNamed: Bool, places: [PlaceText])] = []
        for column in usable {
            let values = sample.values(column)
            let isNamed = names[column].has(both) || names[column].has(latitudes) && names[column].has(longitudes)
            var places: [PlaceText] = []
            var empty = 0
            for value in values {
                do throws(PlaceText.Fault) {
                    let place = try PlaceText.read(
                        Array(value.utf8).span, decimalComma: sample.numbers.decimal != .point, srid: nil)
                    // Two whole numbers may be anything.
                    if isNamed || place.form != .pair || place.axes != nil || isFraction(place) { places.append(place) }
                } catch {
                    if error == .empty { empty += 1 }
                }
            }
            guard !places.isEmpty, (places.count + empty) * 10 >= values.count * 9 else { continue }
            found.append((column, isNamed, places))
        }
        guard let best = found.first(where: \.isNamed) ?? found.first else { return nil }
        let name = ColumnName(sample.header[best.column])
        let far = best.places.count { max($0.first.magnitude, $0.second.magnitude) > 180 }
        if far * 2 > best.places.count {
            let doubt = best.places[0].form == .pair ? "a guess: y may come first" : nil
            return PlaceGuess(place: .text(best.column, .longitudeLatitude, isProjected: true), doubt: doubt)
        }
        let (axes, doubt) = order(best.places, name)
        return PlaceGuess(place: .text(best.column, axes, isProjected: false), doubt: doubt)
    }

    private static func isFraction(_ place: PlaceText) -> Bool {
        [place.first, place.second].allSatisfy { $0 != ($0 * 100).rounded() / 100 && $0.magnitude <= 180 }
    }

    /// The order of the two coordinates, and why it is unsure.
    private static func order(_ places: [PlaceText], _ name: ColumnName) -> (PlaceText.Axes, doubt: String?) {
        let open = places.filter { $0.axes == nil }
        guard let first = open.first else { return (places[0].axes ?? .latitudeLongitude, nil) }
        func isLongitude(_ value: Double) -> Bool { value.magnitude > 90 && value.magnitude <= 180 }
        switch (open.contains { isLongitude($0.first) }, open.contains { isLongitude($0.second) }) {
        case (true, false): return (.longitudeLatitude, nil)
        case (false, true): return (.latitudeLongitude, nil)
        default: break
        }
        if first.form != .pair { return (.longitudeLatitude, nil) }
        for word in name.words {
            if latitudes.contains(word) || ["latlng", "latlon", "latlong"].contains(word) {
                return (.latitudeLongitude, nil)
            }
            if longitudes.contains(word) || ["lnglat", "lonlat", "longlat"].contains(word) {
                return (.longitudeLatitude, nil)
            }
        }
        return (.latitudeLongitude, "a guess: no value shows which of the two is the latitude")
    }
}
