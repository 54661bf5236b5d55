/// A box in latitude and longitude, in radians. It crosses the antimeridian when its east is less than its west.
struct AngleBox {
    var south: Double
    var north: Double
    var west: Double
    var east: Double

    var isTransmeridian: Bool { east < west }

    func contains(latitude: Double, longitude: Double) -> Bool {
        guard latitude >= south, latitude <= north else { return false }
        return isTransmeridian
            ? longitude >= west || longitude <= east : longitude >= west && longitude <= east
    }

    /// Whether a point is so near to the border that rounding could put it on the other side.
    func isNearBorder(_ point: AnglePoint) -> Bool {
        min(
            abs(point.latitude - south), abs(point.latitude - north), abs(point.longitude - west),
            abs(point.longitude - east), .pi - abs(point.longitude)) < Self.rounding
    }

    /// A tolerance in radians, far more than the difference between centres of cells found in two ways.
    static let rounding = 1e-11

    func overlaps(_ other: AngleBox) -> Bool {
        guard north >= other.south, south <= other.north else { return false }
        let (own, its) = shifts(with: other)
        return own.shifted(east) >= its.shifted(other.west) && own.shifted(west) <= its.shifted(other.east)
    }

    func contains(_ other: AngleBox) -> Bool {
        guard north >= other.north, south <= other.south else { return false }
        let (own, its) = shifts(with: other)
        return own.shifted(west) <= its.shifted(other.west) && own.shifted(east) >= its.shifted(other.east)
    }

    /// How the longitudes of two boxes must be shifted so that they can be compared as numbers.
    func shifts(with other: AngleBox) -> (LongitudeShift, LongitudeShift) {
        let trendsEast = west - other.east < other.west - east
        let own: LongitudeShift = !isTransmeridian ? .none : other.isTransmeridian || trendsEast ? .east : .west
        let its: LongitudeShift = !other.isTransmeridian ? .none : isTransmeridian || !trendsEast ? .east : .west
        return (own, its)
    }

    /// The box with height and width multiplied by `factor` about the middle, but within the poles and -pi...pi.
    func scaled(_ factor: Double) -> AngleBox {
        let width = isTransmeridian ? east - west + 2 * .pi : east - west
        let height = north - south
        let (besides, above) = ((width * factor - width) * 0.5, (height * factor - height) * 0.5)
        return AngleBox(
            south: max(south - above, -.pi / 2), north: min(north + above, .pi / 2),
            west: Self.wrapped(west - besides), east: Self.wrapped(east + besides))
    }

    private static func wrapped(_ longitude: Double) -> Double {
        longitude > .pi ? longitude - 2 * .pi : longitude < -.pi ? longitude + 2 * .pi : longitude
    }
}

/// The shift of longitudes on one side of Greenwich that makes them continue those of the other side.
enum LongitudeShift {
    case none
    /// Western longitudes continue eastwards past the antimeridian.
    case east
    /// Eastern longitudes continue westwards past the antimeridian.
    case west

    func shifted(_ longitude: Double) -> Double {
        switch self {
        case .none: longitude
        case .east: longitude < 0 ? longitude + 2 * .pi : longitude
        case .west: longitude > 0 ? longitude - 2 * .pi : longitude
        }
    }
}
