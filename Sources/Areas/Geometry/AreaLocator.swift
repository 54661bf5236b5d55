/// Finds the area of a layer that a point is in. A border belongs to the area; of several areas, the first counts.
///
/// The boxes of the areas are entered into a grid over the layer, so that a point is compared only with the few whose
/// boxes are near it, in their order; and with those only by the edges at its height (``RingLocator``).
package struct AreaLocator: Sendable {
    private struct Member: Sendable {
        let number: Int32
        let box: Box
        let bandsPerUnit: Double
        /// Where the bands of the area begin in `bands`, and how many there are.
        let firstBand: Int
        let bandCount: Int
    }

    private let box: Box
    private let grid: Grid
    /// The members of square `n`, in ascending order, are `entries[starts[n]..<starts[n + 1]]`.
    private let starts: [Int]
    private let entries: [Int32]
    private let members: [Member]
    // The ring locators of all areas, one after the other: a reference to each would be counted for every point, by all
    // threads at once.
    private let bands: [Int]
    private let bandEdges: [Int32]
    private let edges: [(from: Position, to: Position)]

    /// The most squares that the boxes of all areas together may be entered into, as a multiple of the areas.
    private static let mostEntries = 16

    /// - Parameter areas: The number of each area, above 0, and its valid polygons, in the order in which they count.
    package init(_ areas: some Sequence<(number: Int32, polygons: [Polygon])>) {
        var box = Box()
        var members: [Member] = []
        var bands: [Int] = []
        var bandEdges: [Int32] = []
        var edges: [(from: Position, to: Position)] = []
        for area in areas {
            let rings = RingLocator(area.polygons.flatMap(\.rings))
            guard rings.box.minX <= rings.box.maxX else { continue }
            box.extend(to: Position(rings.box.minX, rings.box.minY))
            box.extend(to: Position(rings.box.maxX, rings.box.maxY))
            members.append(
                Member(
                    number: area.number, box: rings.box, bandsPerUnit: rings.bandsPerUnit, firstBand: bands.count,
                    bandCount: rings.starts.count - 1))
            bands += rings.starts.map { $0 + bandEdges.count }
            bandEdges += rings.members.map { $0 + Int32(edges.count) }
            edges += rings.edges
        }
        let grid = Grid(box, of: members.map(\.box), most: 64 + Self.mostEntries * members.count)
        var starts = [Int](repeating: 0, count: grid.columns * grid.rows + 1)
        for member in members { grid.forEachSquare(of: member.box) { starts[$0 + 1] += 1 } }
        for square in starts.indices.dropLast() { starts[square + 1] += starts[square] }
        var entries = [Int32](repeating: 0, count: starts.last ?? 0)
        var next = starts
        for (index, member) in members.enumerated() {
            grid.forEachSquare(of: member.box) { square in
                entries[next[square]] = Int32(index)
                next[square] += 1
            }
        }
        self.box = box
        self.grid = grid
        self.starts = starts
        self.entries = entries
        self.members = members
        self.bands = bands
        self.bandEdges = bandEdges
        self.edges = edges
    }

    /// The number of the first area that each point is in; 0 outside of all.
    package func areas(longitudes: [Double], latitudes: [Double]) -> [Int32] {
        precondition(longitudes.count == latitudes.count, "each point has both coordinates")
        var found = [Int32](repeating: 0, count: longitudes.count)
        members.withUnsafeBufferPointer { members in
            bands.withUnsafeBufferPointer { bands in
                bandEdges.withUnsafeBufferPointer { bandEdges in
                    edges.withUnsafeBufferPointer { edges in
                        for index in longitudes.indices {
                            let position = Position(longitudes[index], latitudes[index])
                            guard box.holds(position) else { continue }
                            let square = grid.square(of: position)
                            for entry in starts[square]..<starts[square + 1] {
                                let member = members[Int(entries[entry])]
                                guard member.box.holds(position) else { continue }
                                let height = Int((position.y - member.box.minY) * member.bandsPerUnit)
                                let band = member.firstBand + max(0, min(member.bandCount - 1, height))
                                let touching = UnsafeBufferPointer(rebasing: bandEdges[bands[band]..<bands[band + 1]])
                                if RingLocator.place(of: position, among: touching, of: edges) != .outside {
                                    found[index] = member.number
                                    break
                                }
                            }
                        }
                    }
                }
            }
        }
        return found
    }
}

extension AreaLocator {
    /// A grid over a box.
    private struct Grid: Sendable {
        private(set) var columns: Int
        private(set) var rows: Int
        private let box: Box

        /// A grid whose squares are about half as wide and high as the usual one of some boxes.
        /// - Parameter most: The most squares that all boxes together may touch.
        init(_ box: Box, of others: [Box], most: Int) {
            func number(_ whole: Double, _ sum: Double) -> Int {
                whole > 0 && sum > 0
                    ? max(1, min(2048, Int((2 * whole * Double(others.count) / sum).rounded(.up)))) : 1
            }
            self.box = box
            columns = number(box.width, others.reduce(0) { $0 + $1.width })
            rows = number(box.height, others.reduce(0) { $0 + $1.height })
            while columns * rows > 1, others.reduce(0, { $0 + count(of: $1) }) > most {
                (columns, rows) = ((columns + 1) / 2, (rows + 1) / 2)
            }
        }

        func square(of position: Position) -> Int { row(position.y) * columns + column(position.x) }

        func forEachSquare(of other: Box, _ body: (Int) -> Void) {
            for row in row(other.minY)...row(other.maxY) {
                for column in column(other.minX)...column(other.maxX) { body(row * columns + column) }
            }
        }

        private func count(of other: Box) -> Int {
            (row(other.maxY) - row(other.minY) + 1) * (column(other.maxX) - column(other.minX) + 1)
        }

        private func column(_ x: Double) -> Int { place(x - box.minX, of: box.width, columns) }
        private func row(_ y: Double) -> Int { place(y - box.minY, of: box.height, rows) }

        private func place(_ distance: Double, of whole: Double, _ count: Int) -> Int {
            whole > 0 ? max(0, min(count - 1, Int(distance / whole * Double(count)))) : 0
        }
    }
}

extension Box {
    /// Whether a position is in the rectangle or on its border.
    fileprivate func holds(_ position: Position) -> Bool {
        position.x >= minX && position.x <= maxX && position.y >= minY && position.y <= maxY
    }
}
