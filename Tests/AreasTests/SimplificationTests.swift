import TestSupport
import Testing

@testable import Areas

struct SimplificationTests {
    /// Two areas with a border between them that swings by 0.01, and the frame around both.
    private static func neighbours() -> (west: [Position], east: [Position]) {
        let border = (1..<100).map { Position(5 + ($0 % 2 == 0 ? 0.01 : -0.01), Double($0) / 10) }
        let west = [Position(0, 0), Position(5, 0)] + border + [Position(5, 10), Position(0, 10), Position(0, 0)]
        let east =
            [Position(5, 10)] + border.reversed() + [Position(5, 0), Position(9, 0), Position(9, 10), Position(5, 10)]
        return (west, east)
    }

    private static func simplified(_ rings: [[Position]], tolerance: Double) -> [[Position]] {
        let coverage = Coverage(rings.map { ($0, true) })
        let arcs = CoverageSimplification(coverage, tolerance: tolerance).arcs
        return rings.indices.map { coverage.positions(ofPart: $0, arcs: arcs) }
    }

    @Test func ringsAreWholeAgainWithoutSimplification() {
        let (west, east) = Self.neighbours()
        let island = rectangle(20, 20, 21, 21)
        let coverage = Coverage([west, east, island, island.reversed()].map { ($0, true) })
        // The border, the frame of each side, and the island once.
        #expect(coverage.arcs.count == 4)
        for (part, ring) in [west, east, island].enumerated() {
            let found = coverage.positions(ofPart: part, arcs: coverage.arcs)
            #expect(found.first == found.last)
            #expect(Set(found) == Set(ring))
            #expect(found.count == ring.count)
            #expect(Ring.doubleArea(found) == Ring.doubleArea(ring))
        }
    }

    @Test func aSharedBorderStaysShared() {
        let (west, east) = Self.neighbours()
        let found = Self.simplified([west, east], tolerance: 0.2)
        #expect(found[0].count < 12)
        // What the two have together is the frame, exactly: there is neither a gap nor an overlap.
        #expect(abs(surface([Polygon(found[0])]) + surface([Polygon(found[1])]) - 90) < 1e-9)
        let shared = Set(found[0]).intersection(found[1])
        #expect(shared.contains(Position(5, 0)))
        #expect(shared.contains(Position(5, 10)))
        #expect(Set(found[0]).subtracting(shared) == [Position(0, 0), Position(0, 10)])
    }

    /// As programs write it that convert each area by itself: the same corner has other last digits in each.
    @Test func cornersThatDifferByAHairAreShared() {
        let (west, east) = Self.neighbours()
        var random = SplitMix(state: 3)
        let moved = east.dropLast().map {
            Position(
                $0.x + Double.random(in: -3e-9...3e-9, using: &random),
                $0.y + Double.random(in: -3e-9...3e-9, using: &random))
        }
        let coverage = Coverage([(west, true), (Ring.closed(moved), true)])
        #expect(coverage.arcs.count == 3)
        let found = Self.simplified([west, Ring.closed(moved)], tolerance: 0.2)
        #expect(abs(surface([Polygon(found[0])]) + surface([Polygon(found[1])]) - 90) < 1e-6)
        #expect(found[1].count < 12)
    }

    @Test func aRingKeepsThreeCorners() {
        let circle = Ring.closed(
            (0..<60).map { step in
                let turn = Double(step) / 60
                // A diamond with many corners.
                return turn < 0.5
                    ? Position(4 * turn - 1, 1 - abs(4 * turn - 1)) : Position(3 - 4 * turn, abs(3 - 4 * turn) - 1)
            })
        let found = Self.simplified([circle], tolerance: 100)[0]
        #expect(found.count == 4)
        #expect(Ring.doubleArea(found) != 0)
    }

    /// An enclave near a border that could be straightened over it.
    @Test func aBorderIsNotMovedOverAnEnclave() {
        let outer = [Position]([(0, 0), (10, 0), (10, 10), (5, 9.5), (0, 10), (0, 0)])
        let notch = [Position]([(4.9, 9.6), (5.1, 9.6), (5, 9.7), (4.9, 9.6)])
        // Alone, the corner at (5, 9.5) is left out.
        #expect(!Self.simplified([outer], tolerance: 3)[0].contains(Position(5, 9.5)))
        #expect(Self.simplified([outer, notch], tolerance: 3)[0].contains(Position(5, 9.5)))
    }

    /// Two arcs between the same junctions, of which only one may become a straight line.
    @Test func aLensBetweenNeighboursIsNotFlattened() {
        let lens = [Position]([(0, 0), (5, -0.1), (10, 0), (5, 0.1), (0, 0)])
        let north = [Position]([(0, 0), (5, 0.1), (10, 0), (10, 9), (0, 9), (0, 0)])
        let south = [Position]([(0, 0), (0, -9), (10, -9), (10, 0), (5, -0.1), (0, 0)])
        let found = Self.simplified([lens, north, south], tolerance: 5)
        #expect(found[0].count == 4)
        #expect(abs(Ring.doubleArea(found[0])) > 0)
        #expect(abs(found.reduce(0) { $0 + abs(Ring.doubleArea($1)) / 2 } - 180) < 1e-9)
    }

    @Test func theAntimeridianIsNotLeft() {
        let ring = [Position]([(179, 0), (180, 1), (180, 2), (180, 3), (179, 4), (179, 0)])
        let found = Self.simplified([ring], tolerance: 5)[0]
        #expect(found.contains(Position(180, 1)))
        #expect(found.contains(Position(180, 3)))
    }

    /// A grid of areas with wavy borders: whatever the seed, their surfaces add up to the whole.
    @Test(arguments: 1...5)
    func aCoverageStaysOneWithoutGapsOrOverlaps(seed: Int) {
        var random = SplitMix(state: UInt64(seed))
        let size = 6
        let steps = 12
        // The positions along each grid line, moved a little, but for the frame.
        var lines: [String: [Position]] = [:]
        func line(_ fromX: Int, _ fromY: Int, _ toX: Int, _ toY: Int) -> [Position] {
            let isLevel = fromY == toY
            let isFrame = isLevel ? fromY == 0 || fromY == size : fromX == 0 || fromX == size
            let key = "\(fromX),\(fromY),\(toX),\(toY)"
            if let known = lines[key] { return known }
            let made = (0...steps).map { step in
                let share = Double(step) / Double(steps)
                let isMoved = !isFrame && step > 0 && step < steps
                let move = isMoved ? Double.random(in: -0.07...0.07, using: &random) : 0
                let x = Double(fromX) + share * Double(toX - fromX)
                let y = Double(fromY) + share * Double(toY - fromY)
                return isLevel ? Position(x, y + move) : Position(x + move, y)
            }
            lines[key] = made
            return made
        }
        var rings: [[Position]] = []
        for x in 0..<size {
            for y in 0..<size {
                let south = line(x, y, x + 1, y)
                let east = line(x + 1, y, x + 1, y + 1)
                let north = line(x, y + 1, x + 1, y + 1).reversed()
                let west = line(x, y, x, y + 1).reversed()
                rings.append(south + east.dropFirst() + Array(north).dropFirst() + Array(west).dropFirst())
            }
        }
        let found = Self.simplified(rings, tolerance: 0.2)
        #expect(found.reduce(0) { $0 + $1.count } < rings.reduce(0) { $0 + $1.count } / 2)
        for ring in found {
            #expect(Ring.doubleArea(ring) > 0)
            #expect(!crossesItself(ring))
        }
        #expect(abs(found.reduce(0) { $0 + Ring.doubleArea($1) / 2 } - Double(size * size)) < 1e-9)
    }

    private func crossesItself(_ ring: [Position]) -> Bool {
        func side(_ a: Position, _ b: Position, _ c: Position) -> Double {
            (b.x - a.x) * (c.y - a.y) - (c.x - a.x) * (b.y - a.y)
        }
        for first in 0..<ring.count - 1 {
            for second in first + 1..<ring.count - 1 {
                let (a, b, c, d) = (ring[first], ring[first + 1], ring[second], ring[second + 1])
                if side(a, b, c) * side(a, b, d) < 0, side(c, d, a) * side(c, d, b) < 0 { return true }
            }
        }
        return false
    }
}
