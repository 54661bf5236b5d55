/// A polygon in radians, with its edges in one array.
struct PolygonShape {
    private(set) var edges: [PolygonEdge] = []

    /// The box of the shell, then those of the holes.
    let boxes: [AngleBox]
    let lines: [[AnglePoint]]

    /// - Throws: `latLngDomain` where a coordinate is not finite.
    init(_ polygon: GeoPolygon) throws(H3Error) {
        lines = ([polygon.shell] + polygon.holes).map { $0.map(AnglePoint.init) }
        guard lines.allSatisfy({ $0.allSatisfy { $0.latitude.isFinite && $0.longitude.isFinite } }) else {
            throw .latLngDomain
        }
        boxes = lines.map { AngleBox($0) }
        guard !polygon.shell.isEmpty else { return }
        for (number, line) in lines.enumerated() {
            for (index, start) in line.enumerated() {
                edges.append(PolygonEdge(start: start, end: line[(index + 1) % line.count], line: number))
            }
        }
    }

    /// The relation of an edge to the points of a box.
    enum Relation {
        /// No ray to the east of the box meets the edge.
        case none
        /// The edge is east of the box or passes it.
        case east
        case touching
    }

    func relation(of number: Int, to reach: CellReach) -> Relation {
        let edge = edges[number]
        let low = min(edge.start.latitude, edge.end.latitude)
        let high = max(edge.start.latitude, edge.end.latitude)
        guard high >= reach.south, low <= reach.north else { return .none }
        let isTransmeridian = boxes[edge.line].isTransmeridian
        let spans = isTransmeridian ? reach.eastern : reach.plain
        let shift: LongitudeShift = isTransmeridian ? .east : .none
        if Self.touches(edge, shift, spans, reach) { return .touching }
        // Cells west of the line are compared with it where its eastern parts are counted on westward.
        if isTransmeridian, Self.touches(edge, .west, reach.spans(from: -2 * .pi), reach) { return .touching }
        let farthest = max(shift.shifted(edge.start.longitude), shift.shifted(edge.end.longitude))
        return farthest >= min(spans.0.lowerBound, spans.1?.lowerBound ?? spans.0.lowerBound) ? .east : .none
    }

    /// Whether a box is so far from the shell that no cell in it can belong to the polygon.
    func isFar(from reach: CellReach) -> Bool {
        let box = boxes[0]
        if reach.north < box.south || reach.south > box.north { return true }
        guard !box.isTransmeridian else { return false }
        let isBeside = { (span: ClosedRange<Double>) in span.upperBound < box.west || span.lowerBound > box.east }
        return isBeside(reach.plain.0) && (reach.plain.1.map(isBeside) ?? true)
    }

    /// Whether the points of a box that no edge touches are in the polygon; nil where the box crosses the longitude at
    /// which a line's numbers start again, and the two parts differ.
    func isUniform(_ reach: CellReach, _ selected: ArraySlice<Int32>) -> Bool? {
        let latitude = (reach.south + reach.north) / 2
        var answer: Bool?
        for spans in [reach.plain, reach.eastern] {
            for span in [spans.0, spans.1] {
                guard let span else { continue }
                let middle = (span.lowerBound + span.upperBound) / 2
                let point = AnglePoint(latitude: latitude, longitude: middle > .pi ? middle - 2 * .pi : middle)
                let isInside = contains(point, selected)
                if let answer, answer != isInside { return nil }
                answer = isInside
            }
        }
        return answer
    }

    /// Whether the centre of a cell is in the shell and in no hole. `point` is that centre with a small error. Where
    /// the error could matter, the centre is computed again like the reference.
    func contains(_ cell: H3Cell, _ point: AnglePoint, _ selected: ArraySlice<Int32>) -> Bool {
        var isSure = true
        let answer = contains(point, selected, &isSure)
        return isSure ? answer : contains(AnglePoint(cell.center), selected)
    }

    /// Whether a point is in the shell and in no hole. `selected` are the edges that a ray to the east can meet, in
    /// order.
    func contains(_ point: AnglePoint, _ selected: ArraySlice<Int32>) -> Bool {
        var isSure = true
        return contains(point, selected, &isSure)
    }

    private func contains(_ point: AnglePoint, _ selected: ArraySlice<Int32>, _ isSure: inout Bool) -> Bool {
        var place = selected.startIndex
        var isInShell = false
        while place < selected.endIndex {
            let line = edges[Int(selected[place])].line
            if line > 0, !isInShell { return false }
            let box = boxes[line]
            let isInBox = box.contains(latitude: point.latitude, longitude: point.longitude)
            if box.isNearBorder(point) { isSure = false }
            var ray = RayCast(point, box: box)
            while place < selected.endIndex, edges[Int(selected[place])].line == line {
                if isInBox { ray.meet(edges[Int(selected[place])]) }
                place += 1
            }
            if ray.isNearEdge { isSure = false }
            guard isInBox, ray.isInside else { continue }
            if line > 0 { return false }
            isInShell = true
        }
        return isInShell
    }

    private static func touches(
        _ edge: PolygonEdge, _ shift: LongitudeShift, _ spans: (ClosedRange<Double>, ClosedRange<Double>?),
        _ reach: CellReach
    ) -> Bool {
        let (a, b) = (shift.shifted(edge.start.longitude), shift.shifted(edge.end.longitude))
        return touches(edge, a, b, spans.0, reach) || (spans.1.map { touches(edge, a, b, $0, reach) } ?? false)
    }

    private static func touches(
        _ edge: PolygonEdge, _ a: Double, _ b: Double, _ span: ClosedRange<Double>, _ reach: CellReach
    ) -> Bool {
        guard max(a, b) >= span.lowerBound, min(a, b) <= span.upperBound else { return false }
        // A box is on one side of a line where its middle is farther from it than half its diagonal seen across.
        let (east, north) = (b - a, edge.end.latitude - edge.start.latitude)
        let middle = (
            (span.lowerBound + span.upperBound) / 2 - a, (reach.south + reach.north) / 2 - edge.start.latitude
        )
        let half = ((span.upperBound - span.lowerBound) / 2, (reach.north - reach.south) / 2)
        return abs(east * middle.1 - north * middle.0) <= (abs(east) * half.1 + abs(north) * half.0) * (1 + 1e-9)
    }
}
