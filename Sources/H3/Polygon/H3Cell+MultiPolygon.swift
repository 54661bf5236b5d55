extension H3Cell {
    /// The outline of a set of cells: a polygon for each part connected by edges, holes included, the largest first.
    ///
    /// Shells run counter-clockwise and holes clockwise, without a repeated first vertex. A line between a cell of the
    /// set and another one is that of the cell in the set. All cells of a resolution give eight triangles that cover
    /// the sphere. Time grows with the number of cells.
    ///
    /// - Throws: `resolutionMismatch` where the cells have several resolutions, `duplicateInput` where one occurs
    ///   twice.
    public static func multiPolygon(of cells: [H3Cell]) throws(H3Error) -> [GeoPolygon] {
        guard let first = cells.first else { return [] }
        guard cells.allSatisfy({ $0.resolution == first.resolution }) else { throw .resolutionMismatch }
        _ = try ArrayBound.checked(cells.count)
        guard let outline = CellSetOutline(cells) else { throw .duplicateInput }
        return outline.isWholeSphere ? octants : outline.polygons
    }

    /// The sphere in eight triangles.
    private static var octants: [GeoPolygon] {
        [90, -90].flatMap { pole in
            [0, 90, 180, -90].map { west in
                let corners = [west, west == 180 ? -90 : west + 90].map { LatLng(latitude: 0, longitude: $0) }
                let middle = pole > 0 ? corners : corners.reversed()
                return GeoPolygon(shell: [LatLng(latitude: pole, longitude: 0)] + middle)
            }
        }
    }
}
