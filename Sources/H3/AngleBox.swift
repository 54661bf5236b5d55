/// A box in latitude and longitude, in radians; one with the east before the west goes over the antimeridian.
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

    /// Whether a point lies so near to the border that rounding could make it lie on the other side.
    func isNearBorder(_ point: AnglePoint) -> Bool {
        min(
            abs(point.latitude - south), abs(point.latitude - north), abs(point.longitude - west),
            abs(point.longitude - east), .pi - abs(point.longitude)) < Self.rounding
    }

    /// In radians, far more than centres of cells found in two ways differ by.
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

    /// How the longitudes of two boxes are to be shifted to be compared as numbers.
    func shifts(with other: AngleBox) -> (LongitudeShift, LongitudeShift) {
        let trendsEast = west - other.east < other.west - east
        let own: LongitudeShift = !isTransmeridian ? .none : other.isTransmeridian || trendsEast ? .east : .west
        let its: LongitudeShift = !other.isTransmeridian ? .none : isTransmeridian || !trendsEast ? .east : .west
        return (own, its)
    }

    /// Height and width multiplied by `factor`, about the middle; kept to the poles and to -pi...pi.
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

/// What is added to longitudes on one side of Greenwich so that they go on where those of the other side end.
enum LongitudeShift {
    case none
    /// Western longitudes go on east of the antimeridian.
    case east
    /// Eastern longitudes go on west of the antimeridian.
    case west

    func shifted(_ longitude: Double) -> Double {
        switch self {
        case .none: longitude
        case .east: longitude < 0 ? longitude + 2 * .pi : longitude
        case .west: longitude > 0 ? longitude - 2 * .pi : longitude
        }
    }
}
