package import H3

/// Areas made of the cells in which most events have the same name.
///
/// It is for data whose events name their area and whose areas have no boundaries. The outcome is approximate: a cell
/// belongs to one area, where in truth a border may run through it.
package struct CellMajority: Sendable {
    /// An area: its cells, all of one resolution, in ascending order.
    package struct Area: Sendable {
        package let name: String
        package let cells: [H3Cell]
        /// The events that have the name, in whatever cell.
        package let events: Int
    }

    /// How many pairs of a cell and a name are kept; each takes about 100 bytes.
    package static let mostPairs = 4_000_000
    /// How many neighbours must have a name for a cell without events to get one: with four of six, holes and bays are
    /// filled, and the outer border does not grow.
    private static let leastNeighbours = 4
    /// How often holes are filled from their edge.
    private static let mostRounds = 32

    private var numbers: [String: Int32] = [:]
    private var names: [String] = []
    private var totals: [Int] = []
    private var counts: [H3Cell: [(name: Int32, count: Int)]] = [:]
    private var pairs = 0

    package init() {}

    /// How many names were added.
    package var nameCount: Int { names.count }

    /// Adds events in a cell.
    ///
    /// - Returns: False when there are too many different pairs of a cell and a name.
    package mutating func add(_ cell: H3Cell, _ name: String, count: Int) -> Bool {
        let number = numbers[name] ?? Int32(names.count)
        if Int(number) == names.count {
            numbers[name] = number
            names.append(name)
            totals.append(0)
        }
        totals[Int(number)] += count
        if let place = counts[cell]?.firstIndex(where: { $0.name == number }) {
            counts[cell]?[place].count += count
            return true
        }
        counts[cell, default: []].append((number, count))
        pairs += 1
        return pairs <= Self.mostPairs
    }

    /// The areas by their names. A cell belongs to the name that most of its events have; among equals, to the one with
    /// more events in all, then to the first by name. Names that win no cell are left out.
    ///
    /// - Throws: `H3Error` for cells of several resolutions.
    package func areas() throws(H3Error) -> [Area] {
        var owners: [H3Cell: Int32] = [:]
        owners.reserveCapacity(counts.count)
        for (cell, found) in counts { owners[cell] = best(found) }
        for _ in 0..<Self.mostRounds {
            let filled = try filled(owners)
            if filled.isEmpty { break }
            owners.merge(filled) { old, _ in old }
        }
        var cells = [[H3Cell]](repeating: [], count: names.count)
        for (cell, owner) in owners { cells[Int(owner)].append(cell) }
        return names.indices.filter { !cells[$0].isEmpty }
            .map {
                Area(name: names[$0], cells: cells[$0].sorted { $0.bitPattern < $1.bitPattern }, events: totals[$0])
            }
            .sorted { $0.name < $1.name }
    }

    private func best(_ found: [(name: Int32, count: Int)]) -> Int32 {
        func isBetter(_ one: (name: Int32, count: Int), _ other: (name: Int32, count: Int)) -> Bool {
            if one.count != other.count { return one.count > other.count }
            let (first, second) = (totals[Int(one.name)], totals[Int(other.name)])
            return first != second ? first > second : names[Int(one.name)] < names[Int(other.name)]
        }
        return found.reduce(found[0]) { isBetter($1, $0) ? $1 : $0 }.name
    }

    /// The cells without events that are mostly surrounded, and the name that most of their neighbours have.
    private func filled(_ owners: [H3Cell: Int32]) throws(H3Error) -> [H3Cell: Int32] {
        var neighbours: [H3Cell: [(name: Int32, count: Int)]] = [:]
        for (cell, owner) in owners {
            for next in try cell.gridDisk(1) where owners[next] == nil {
                if let place = neighbours[next]?.firstIndex(where: { $0.name == owner }) {
                    neighbours[next]?[place].count += 1
                } else {
                    neighbours[next, default: []].append((owner, 1))
                }
            }
        }
        return neighbours.compactMapValues { found in
            found.reduce(0) { $0 + $1.count } >= Self.leastNeighbours ? best(found) : nil
        }
    }
}

extension Geometry {
    /// The outline of cells of one resolution, cut at the antimeridian: only edges that the cells do not share are
    /// left.
    ///
    /// - Throws: `H3Error` for cells of several resolutions, or one that occurs twice.
    package init(outlineOf cells: [H3Cell]) throws(H3Error) {
        func ring(_ line: [LatLng]) -> [Position] {
            let positions = line.map { Position($0.longitude, $0.latitude) }
            return positions + positions.prefix(1)
        }
        let polygons = try H3Cell.multiPolygon(of: cells).map { polygon in
            Polygon(ring(polygon.shell), holes: polygon.holes.map(ring))
        }
        self = Antimeridian.cut(.polygons(polygons))
    }
}
