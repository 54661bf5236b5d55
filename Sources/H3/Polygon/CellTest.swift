/// Decides whether a cell near the edges of a polygon belongs to it, in the modes that consider more than its centre.
struct CellTest {
    private let shape: PolygonShape
    private let mode: ContainmentMode
    private let isOverlapping: Bool

    /// The cell with the first vertex of the shell. A polygon within one cell crosses none of its edges.
    private let firstCell: H3Cell?

    init(_ shape: PolygonShape, resolution: Resolution, mode: ContainmentMode) {
        self.shape = shape
        self.mode = mode
        isOverlapping = mode == .overlapping || mode == .overlappingBoundingBox
        // A coordinate beyond the poles or the antimeridian would give the cell of another place.
        if isOverlapping, let first = shape.lines[0].first, abs(first.latitude) <= .pi / 2,
            abs(first.longitude) <= .pi
        {
            let point = LatLng(latitudeRadians: first.latitude, longitudeRadians: first.longitude)
            firstCell = H3Cell.cell(at: point, resolution: resolution.number)
        } else {
            firstCell = nil
        }
    }

    /// Whether the cell belongs. `selected` are the edges that touch what the cell reaches, or that a ray to the east
    /// of it meets.
    func passes(_ cell: H3Cell, _ center: AnglePoint, _ selected: ArraySlice<Int32>) -> Bool {
        if isOverlapping, shape.contains(cell, center, selected) || cell == firstCell { return true }
        let outline = cell.boundary.map(AnglePoint.init)
        let box = AngleBox(cell, coversChildren: false)
        if mode == .full || mode == .overlappingBoundingBox, holds(outline, box, selected) { return true }
        if isOverlapping, crosses(outline, box, selected), isNearShell(cell) { return true }
        return mode == .overlappingBoundingBox && meetsBox(of: cell, selected)
    }

    /// Whether the shell is near. A hole outside the shell has no effect.
    private func isNearShell(_ cell: H3Cell) -> Bool {
        guard let coarser = cell.resolution.coarser, let parent = try? cell.parent(at: coarser) else { return true }
        return shape.boxes[0].overlaps(AngleBox(parent, coversChildren: true))
    }

    private func meetsBox(of cell: H3Cell, _ selected: ArraySlice<Int32>) -> Bool {
        let box = AngleBox(cell, coversChildren: true)
        guard shape.boxes[0].overlaps(box) else { return false }
        let corners = [
            AnglePoint(latitude: box.north, longitude: box.east), AnglePoint(latitude: box.north, longitude: box.west),
            AnglePoint(latitude: box.south, longitude: box.west), AnglePoint(latitude: box.south, longitude: box.east),
        ]
        return box.contains(shape.boxes[0]) || shape.contains(corners[0], selected) || crosses(corners, box, selected)
    }

    /// Whether an outline is completely in the polygon.
    private func holds(_ outline: [AnglePoint], _ box: AngleBox, _ selected: ArraySlice<Int32>) -> Bool {
        guard let first = outline.first, shape.contains(first, selected), !crosses(outline, box, selected) else {
            return false
        }
        // No edge of a hole crosses the outline, but a hole can be within it.
        return shape.lines.dropFirst().allSatisfy { hole in
            guard let vertex = hole.first, box.contains(latitude: vertex.latitude, longitude: vertex.longitude) else {
                return true
            }
            var ray = RayCast(vertex, box: box)
            for (index, start) in outline.enumerated() {
                ray.meet(PolygonEdge(start: start, end: outline[(index + 1) % outline.count], line: 0))
            }
            return !ray.isInside
        }
    }

    /// Whether an outline and an edge of the polygon have a point in common.
    private func crosses(_ outline: [AnglePoint], _ box: AngleBox, _ selected: ArraySlice<Int32>) -> Bool {
        var line = -1
        var isNear = false
        var shift = LongitudeShift.none
        var shifted = outline
        var (west, east) = (box.west, box.east)
        for number in selected {
            let edge = shape.edges[Int(number)]
            if edge.line != line {
                line = edge.line
                isNear = shape.boxes[line].overlaps(box)
                let shifts = shape.boxes[line].shifts(with: box)
                shift = shifts.0
                shifted = outline.map {
                    AnglePoint(latitude: $0.latitude, longitude: shifts.1.shifted($0.longitude))
                }
                (west, east) = (shifts.1.shifted(box.west), shifts.1.shifted(box.east))
            }
            guard isNear else { continue }
            var (start, end) = (edge.start, edge.end)
            start.longitude = shift.shifted(start.longitude)
            end.longitude = shift.shifted(end.longitude)
            if start.latitude >= box.north && end.latitude >= box.north
                || start.latitude <= box.south && end.latitude <= box.south
                || start.longitude <= west && end.longitude <= west
                || start.longitude >= east && end.longitude >= east
            {
                continue
            }
            for index in shifted.indices {
                if PolygonEdge.cross(start, end, shifted[index], shifted[(index + 1) % shifted.count]) { return true }
            }
        }
        return false
    }
}
