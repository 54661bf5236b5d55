extension H3Cell {
    /// The area in radians^2, bounded by great circle arcs between the vertices of `boundary`.
    public var areaRadians2: Double { SphericalArea(boundary).value }

    /// The area in square kilometres.
    public var areaKm2: Double { areaRadians2 * LatLng.earthRadiusKm * LatLng.earthRadiusKm }

    /// The area in square metres.
    public var areaM2: Double { areaKm2 * 1_000_000 }
}
