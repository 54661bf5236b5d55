/// Finds the cells of one resolution that belong to a polygon, by going down from the cells of resolution 0.
///
/// Where no edge of the polygon comes near a cell, one point decides whether all its descendants belong. Only along the
/// edges does the search reach the last resolution. Each cell carries the edges that can still matter below it.
struct PolygonCover {
    let shape: PolygonShape
    let resolution: Resolution
    let mode: ContainmentMode

    /// The resolution at which the search ends: a cell there counts as belonging to the polygon.
    private var last: Int

    /// The largest distance of descendants' centres from that of a cell, by the cell's resolution, in radians.
    private var radii = InlineArray<16, Double>(repeating: 0)
    private let margin: Double

    /// Whether cells far from the shell are skipped. In the reference's overlapping modes a hole that extends out of
    /// the shell has cells beyond it too.
    private let leavesFarCells: Bool
    private let test: CellTest

    /// The numbers of edges; those of the current cell are at the end.
    private var edges: [Int32]

    /// - Throws: `latLngDomain` where a coordinate is not finite.
    init(_ polygon: GeoPolygon, resolution: Resolution, mode: ContainmentMode) throws(H3Error) {
        shape = try PolygonShape(polygon)
        self.resolution = resolution
        self.mode = mode
        last = resolution.number
        leavesFarCells = mode == .center || mode == .full || polygon.holes.isEmpty
        margin = mode == .center ? 0 : 1.5 * AngleBox.longestEdges[resolution.number]
        test = CellTest(shape, resolution: resolution, mode: mode)
        edges = shape.edges.indices.map { Int32(truncatingIfNeeded: $0) }
        // A child's centre is at most one step of its own grid away. Steps are longest in the middle of a face.
        for level in stride(from: resolution.number, to: 0, by: -1) {
            var step = 0.381966011250105
            for _ in 0..<level { step *= 0.37796447300922725 }
            radii[level - 1] = radii[level] + step
        }
    }

    /// Calls `emit` with cells of which all descendants at the resolution belong to the polygon.
    mutating func run<Failure: Error>(_ emit: (H3Cell) throws(Failure) -> Void) throws(Failure) {
        guard !shape.edges.isEmpty else { return }
        for number in 0..<BaseCells.count {
            let cell = H3Cell.baseCell(number, resolution: 0)
            try descend(cell, AnglePoint(cell.center), edges.indices, emit)
        }
    }

    /// Cells, none within another, whose descendants at the resolution are exactly those that belong to the polygon.
    ///
    /// - Throws: `error` as soon as there are more than `limit` descendants; `memoryAllocation` where there are too
    ///   many cells.
    mutating func cells(upTo limit: Int, else error: H3Error) throws(H3Error) -> [H3Cell] {
        let resolution = resolution
        var cells = [H3Cell]()
        var sum = 0
        try run { cell throws(H3Error) in
            sum += try cell.childCount(at: resolution)
            guard sum <= limit else { throw error }
            cells.append(cell)
            _ = try ArrayBound.checked(cells.count)
        }
        return cells
    }

    /// An upper bound of the number of cells, from a search that stops after a few hundred cells.
    mutating func bound() throws(H3Error) -> Int {
        let resolution = resolution
        defer { last = resolution.number }
        var sum = 0
        for level in 0...resolution.number {
            last = level
            sum = 0
            var count = 0
            try run { cell throws(H3Error) in
                sum += try cell.childCount(at: resolution)
                count += 1
            }
            if count > 200 { break }
        }
        return sum
    }

    private mutating func descend<Failure: Error>(
        _ cell: H3Cell, _ center: AnglePoint, _ candidates: Range<Int>,
        _ emit: (H3Cell) throws(Failure) -> Void
    ) throws(Failure) {
        let level = cell.resolution.number
        if level == resolution.number, mode == .center {
            if shape.contains(cell, center, edges[candidates]) { try emit(cell) }
            return
        }
        let reach = CellReach(center: center, radius: radii[level], margin: margin)
        if leavesFarCells, shape.isFar(from: reach) { return }
        let start = edges.count
        defer { edges.removeSubrange(start...) }
        let isTouched = select(candidates, reach)
        let selected = start..<edges.count
        guard !selected.isEmpty else { return }
        if !isTouched, let isInside = shape.isUniform(reach, edges[selected]) {
            if isInside { try emit(cell) }
            return
        }
        guard level < last else {
            if last < resolution.number || test.passes(cell, center, edges[selected]) { try emit(cell) }
            return
        }
        let children = ChildCenters(of: cell)
        for number in 0..<children.count {
            let (child, center) = children[number]
            try descend(child, center, selected, emit)
        }
    }

    /// Adds the edges that a ray to the east of the box can meet to the end of `edges`, and returns whether one of them
    /// touches the box.
    private mutating func select(_ candidates: Range<Int>, _ reach: CellReach) -> Bool {
        var isTouched = false
        for place in candidates {
            let number = edges[place]
            switch shape.relation(of: Int(number), to: reach) {
            case .none: continue
            case .east: break
            case .touching: isTouched = true
            }
            edges.append(number)
        }
        return isTouched
    }
}
