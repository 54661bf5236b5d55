import TestSupport
import Testing

@testable import Areas

struct AreaLocatorTests {
    private static func square(_ x: Double, _ y: Double, _ side: Double, hole: Polygon? = nil) -> Polygon {
        Polygon(
            [
                Position(x, y), Position(x + side, y), Position(x + side, y + side), Position(x, y + side),
                Position(x, y),
            ], holes: hole.map { [$0.shell] } ?? [])
    }

    private static func found(_ areas: [(number: Int32, polygons: [Polygon])], _ x: Double, _ y: Double) -> Int32 {
        AreaLocator(areas).areas(longitudes: [x], latitudes: [y])[0]
    }

    @Test func aBorderAndAnOverlapBelongToTheFirst() {
        let areas: [(number: Int32, polygons: [Polygon])] = [
            (1, [Self.square(0, 0, 1)]), (2, [Self.square(1, 0, 1)]), (3, [Self.square(0.5, 0.5, 1)]),
        ]
        #expect(Self.found(areas, 1, 0.5) == 1)
        #expect(Self.found(areas, 1, 0) == 1)
        #expect(Self.found(areas, 0.75, 0.75) == 1)
        #expect(Self.found(areas, 1.25, 0.75) == 2)
        #expect(Self.found(areas, 0.75, 1.25) == 3)
        #expect(Self.found(areas, 1.75, 1.25) == 0)
        #expect(Self.found(areas, -0.0001, 0.5) == 0)
    }

    @Test func aHoleIsOutsideAndItsBorderInside() {
        let areas: [(number: Int32, polygons: [Polygon])] = [
            (1, [Self.square(0, 0, 3, hole: Self.square(1, 1, 1)), Self.square(10, 10, 1)])
        ]
        #expect(Self.found(areas, 1.5, 1.5) == 0)
        #expect(Self.found(areas, 1, 1.5) == 1)
        #expect(Self.found(areas, 2.5, 1.5) == 1)
        #expect(Self.found(areas, 10.5, 10.5) == 1)
        #expect(Self.found(areas, 5, 5) == 0)
    }

    @Test func withoutAreasNothingIsFound() {
        #expect(Self.found([], 0, 0) == 0)
        #expect(AreaLocator([]).areas(longitudes: [], latitudes: []).isEmpty)
        #expect(Self.found([(1, [Self.square(0, 0, 1)])], .nan, 0.5) == 0)
    }

    /// Points beside a line, where the usual formula has only rounding errors left.
    @Test func sidesAreExact() {
        let (from, to) = (Position(0.1, 0.1), Position(0.7, 0.3))
        for step in 1...200 {
            let share = Double(step) / 201
            let x = 0.1 + share * 0.6
            for y in [0.1 + share * 0.2, (0.1 + share * 0.2).nextUp, (0.1 + share * 0.2).nextDown] {
                let side = Orientation.side(from, to, Position(x, y))
                #expect(side.sign == Self.exactSide(from, to, Position(x, y)).sign || side == 0)
                #expect((side == 0) == (Self.exactSide(from, to, Position(x, y)) == 0))
            }
        }
    }

    /// The determinant in integers: all coordinates are multiples of 2^-57 below 1.
    private static func exactSide(_ a: Position, _ b: Position, _ c: Position) -> Double {
        func whole(_ value: Double) -> Int128 { Int128(value * 0x1p57) }
        let left = (whole(a.x) - whole(c.x)) * (whole(b.y) - whole(c.y))
        let right = (whole(a.y) - whole(c.y)) * (whole(b.x) - whole(c.x))
        return left == right ? 0 : left > right ? 1 : -1
    }

    @Test(arguments: UInt64(1)...4)
    func theGridFindsWhatEachAreaByItselfHas(_ seed: UInt64) {
        var random = SplitMix(state: seed)
        let areas = (1...60).map { number in
            let side = Double.random(in: 0.01...0.6, using: &random)
            return (
                number: Int32(number),
                polygons: [
                    Self.square(
                        Double.random(in: 0...4, using: &random), Double.random(in: 0...2, using: &random), side)
                ]
            )
        }
        let locators = areas.map { RingLocator($0.polygons.flatMap(\.rings)) }
        let points = (0..<2000).map { _ in
            Position(Double.random(in: -0.5...5, using: &random), Double.random(in: -0.5...3, using: &random))
        }
        let found = AreaLocator(areas).areas(longitudes: points.map(\.x), latitudes: points.map(\.y))
        for (point, number) in zip(points, found) {
            let first = locators.firstIndex { $0.place(of: point) != .outside }
            #expect(number == first.map { areas[$0].number } ?? 0)
        }
    }

    @Test func nearCornersAreSnappedToTheFirst() {
        var snapping = VertexSnapping()
        #expect(snapping.snapped(.polygon(Self.square(0, 0, 1))) == nil)
        var other = Self.square(1, 0, 1)
        other.shell[0] = Position(1 + 4e-9, -4e-9)
        other.shell[4] = other.shell[0]
        #expect(snapping.snapped(.polygon(other)) == .polygon(Self.square(1, 0, 1)))
        #expect(snapping.count == 6)
    }
}
