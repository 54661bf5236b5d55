import TestSupport
import Testing

@testable import Areas

struct GeometryTests {
    @Test func aRingKnowsItsDirection() {
        #expect(Ring.doubleArea(rectangle(0, 0, 2, 1)) == 4)
        #expect(Ring.doubleArea(rectangle(0, 0, 2, 1).reversed()) == -4)
    }

    @Test func polygonsAreTurnedToTheRightHand() {
        let polygon = Polygon(rectangle(0, 0, 9, 9).reversed(), holes: [rectangle(1, 1, 2, 2)])
        let turned = Geometry.polygon(polygon).rightHanded
        #expect(turned == .polygon(Polygon(rectangle(0, 0, 9, 9), holes: [rectangle(1, 1, 2, 2).reversed()])))
    }

    // MARK: Rings to polygons

    /// An island in a lake in a country, and an island beside, as a shapefile has them: outer rings clockwise.
    @Test func holesGoToTheSmallestRingAroundThem() {
        let country = rectangle(0, 0, 10, 10)
        let lake = rectangle(2, 2, 8, 8)
        let island = rectangle(4, 4, 6, 6)
        let beside = rectangle(20, 0, 21, 1)
        let assembly = PolygonAssembly(
            [lake, beside.reversed(), island.reversed(), country.reversed()], outerIsClockwise: true)
        #expect(assembly.polygons.map(\.shell) == [beside, island, country].map { $0.reversed() })
        #expect(assembly.polygons.map(\.holes) == [[], [], [lake]])
        #expect(assembly.wrongDirections == 0)
    }

    @Test func wrongDirectionsArePutRightByWhatLiesWithinWhat() {
        let assembly = PolygonAssembly([rectangle(0, 0, 9, 9), rectangle(1, 1, 2, 2)], outerIsClockwise: true)
        #expect(assembly.polygons == [Polygon(rectangle(0, 0, 9, 9), holes: [rectangle(1, 1, 2, 2)])])
        #expect(assembly.wrongDirections == 1)
    }

    /// The hole meets the outer ring at a corner, and another part shares a whole side: neither is within the other by
    /// its first corner alone.
    @Test func ringsThatTouchAreToldApartByTheirOtherCorners() {
        let outer = rectangle(0, 0, 10, 10)
        let hole = [(0.0, 0.0), (2.0, 1.0), (1.0, 2.0), (0.0, 0.0)].map { Position($0.0, $0.1) }
        let beside = rectangle(10, 0, 12, 10)
        let assembly = PolygonAssembly([outer, hole, beside], outerIsClockwise: nil)
        #expect(assembly.polygons.map(\.holes.count) == [1, 0])
    }

    @Test func ringsWithoutAreaAreLeftOut() {
        let line = [Position(0, 0), Position(1, 1), Position(2, 2), Position(0, 0)]
        let assembly = PolygonAssembly([line, rectangle(0, 0, 1, 1)], outerIsClockwise: nil)
        #expect(assembly.polygons.count == 1)
        #expect(assembly.emptyRings == 1)
    }

    /// Naive even-odd counting over all edges, on a star with many corners that share their heights with the positions.
    @Test func aLocatorFindsWhatCountingCrossingsFinds() {
        var random = SplitMix(state: 7)
        var ring: [Position] = (0..<400).map { _ in
            Position(Double(Int.random(in: 0...40, using: &random)), Double(Int.random(in: 0...40, using: &random)))
        }
        ring = Ring.withoutRepeats(ring)
        ring = Ring.closed(ring)
        let locator = RingLocator([ring])
        for _ in 0..<2000 {
            // Never on an edge's end or on a level edge.
            let x = Double(Int.random(in: -1...41, using: &random)) + 0.318_309_886
            let y = Double(Int.random(in: -1...41, using: &random)) + 0.271_828_182
            var isInside = false
            for (from, to) in zip(ring, ring.dropFirst()) where (from.y > y) != (to.y > y) {
                if x < from.x + (y - from.y) / (to.y - from.y) * (to.x - from.x) { isInside.toggle() }
            }
            #expect((locator.place(of: Position(x, y)) == .inside) == isInside)
        }
        #expect(locator.place(of: ring[3]) == .onBorder)
    }

    // MARK: Antimeridian

    @Test func aPolygonOverTheAntimeridianIsCutInTwo() {
        let ring = [(170.0, -10.0), (-170.0, -10.0), (-170.0, 10.0), (170.0, 10.0), (170.0, -10.0)]
        let cut = Antimeridian.cut(.polygon(Polygon([Position](ring)))).polygons
        #expect(cut.count == 2)
        #expect(cut.contains { Box($0.shell) == Box(rectangle(170, -10, 180, 10)) })
        #expect(cut.contains { Box($0.shell) == Box(rectangle(-180, -10, -170, 10)) })
        #expect(surface(cut) == 400)
    }

    /// A comb whose teeth reach over the antimeridian: three pieces in the east, one in the west.
    @Test func aConcavePolygonIsCutIntoEachOfItsPieces() {
        let comb = [
            (175.0, 0.0), (-175.0, 0.0), (-175.0, 1.0), (178.0, 1.0), (178.0, 2.0), (-175.0, 2.0), (-175.0, 3.0),
            (178.0, 3.0), (178.0, 4.0), (-175.0, 4.0), (-175.0, 5.0), (175.0, 5.0), (175.0, 0.0),
        ]
        let cut = Antimeridian.cut(.polygon(Polygon([Position](comb)))).polygons
        #expect(cut.filter { Box($0.shell).minX > 0 }.count == 1)
        #expect(cut.filter { Box($0.shell).maxX < 0 }.map { surface([$0]) } == [5, 5, 5])
        // 10 by 5, less two gaps of 7 by 1.
        #expect(surface(cut) == 36)
    }

    @Test func aHoleOverTheAntimeridianOpensBothSides() {
        let shell = [(170.0, -10.0), (-170.0, -10.0), (-170.0, 10.0), (170.0, 10.0), (170.0, -10.0)]
        let hole = [(178.0, -1.0), (178.0, 1.0), (-178.0, 1.0), (-178.0, -1.0), (178.0, -1.0)]
        let cut = Antimeridian.cut(.polygon(Polygon([Position](shell), holes: [[Position](hole)]))).polygons
        #expect(cut.map(\.holes) == [[], []])
        #expect(surface(cut) == 392)
    }

    /// A cap around the south pole, as a continent in polar stereographic coordinates comes out.
    @Test func aRingAroundAPoleIsClosedThroughThePole() {
        let ring = Ring.closed(stride(from: -170.0, through: 170, by: 20).map { Position($0, -70) })
        let cut = Antimeridian.cut(.polygon(Polygon(ring))).polygons
        #expect(cut.count == 1)
        #expect(surface(cut) == 360 * 20)
        #expect(Box(cut[0].shell) == Box(rectangle(-180, -90, 180, -70)))
    }

    /// A ring of land around the pole with the sea at the pole: an outer ring and a hole that both go around.
    @Test func aBandAroundAPoleStaysABand() {
        let outer = Ring.closed(stride(from: -170.0, through: 170, by: 20).map { Position($0, 60) })
        let inner = Ring.closed(stride(from: -170.0, through: 170, by: 20).map { Position($0, 80) })
        let cut = Antimeridian.cut(.polygon(Polygon(outer, holes: [inner]))).polygons
        #expect(surface(cut) == 360 * 20)
        #expect(cut.count == 1)
    }

    @Test func theFrameOfAWorldMapIsNotCut() {
        let world = Geometry.polygon(Polygon(rectangle(-180, -90, 180, 90)))
        #expect(Antimeridian.cut(world) == world)
    }

    @Test func longitudesBeyond180AreTurnedBack() {
        let cut = Antimeridian.cut(.polygon(Polygon(rectangle(175, 0, 185, 1)))).polygons
        #expect(surface(cut) == 10)
        #expect(cut.count == 2)
        #expect(Antimeridian.cut(.point(Position(190, 5))) == .point(Position(-170, 5)))
    }

    @Test func aLineOverTheAntimeridianIsCutWhereItCrosses() {
        let line = Geometry.line([Position(170, 0), Position(-170, 20)])
        #expect(
            Antimeridian.cut(line)
                == .lines([[Position(170, 0), Position(180, 10)], [Position(-180, 10), Position(-170, 20)]]))
    }

    // MARK: Centroids and labels

    @Test func theCentroidLeavesHolesOut() throws {
        // 100 with the middle 5, less 4 with the middle 2: (500 - 8) / 96.
        let polygon = Polygon(rectangle(0, 0, 10, 10), holes: [rectangle(1, 1, 3, 3)])
        let centroid = try #require(Geometry.polygon(polygon).centroid)
        #expect(abs(centroid.x - 492.0 / 96) < 1e-12)
        #expect(abs(centroid.y - 492.0 / 96) < 1e-12)
    }

    @Test func theCentroidOfACutPolygonIsWhereThePolygonIs() throws {
        let halves = Geometry.polygons([
            Polygon(rectangle(178, 0, 180, 2)), Polygon(rectangle(-180, 0, -174, 2)),
        ])
        let centroid = try #require(halves.centroid)
        #expect(abs(centroid.x - -178) < 1e-12)
        #expect(abs(centroid.y - 1) < 1e-12)
    }

    @Test func theCentroidOfALineIsByLength() {
        #expect(Geometry.line([Position(0, 0), Position(4, 0), Position(4, 4)]).centroid == Position(3, 1))
        #expect(Geometry.points([Position(0, 0), Position(4, 2)]).centroid == Position(2, 1))
    }

    /// The centroid of a horseshoe is outside; the label is in one of its legs or its bow.
    @Test func aLabelIsInsideAndFarFromTheBorder() throws {
        let shoe = Polygon(
            [Position]([
                (0, 0), (10, 0), (10, 10), (7, 10), (7, 2), (3, 2), (3, 10), (0, 10), (0, 0),
            ]))
        let label = try #require(Geometry.polygon(shoe).labelPoint)
        #expect(RingLocator([shoe.shell]).place(of: label) == .inside)
        // The largest circle fits into a corner of the bow and has a radius of at least 1.5.
        let distance = min(label.x, label.y, 10 - label.x, 10 - label.y)
        #expect(distance > 1.4)
    }

    @Test func theLabelOfAnArchipelagoIsOnItsLargestIsland() throws {
        let islands = Geometry.polygons([Polygon(rectangle(0, 0, 1, 1)), Polygon(rectangle(5, 5, 9, 9))])
        let label = try #require(islands.labelPoint)
        #expect(abs(label.x - 7) < 0.05)
        #expect(abs(label.y - 7) < 0.05)
    }

    @Test func anAreaOnlyWiderThanAHairHasALabelInside() throws {
        let sliver = Polygon([Position]([(0, 0), (100, 100), (100, 100.000_1), (0, 0)]))
        let label = try #require(Geometry.polygon(sliver).labelPoint)
        #expect(RingLocator([sliver.shell]).place(of: label) == .inside)
    }

    // MARK: Well-known binary

    /// Written by Shapely 2.2.0: `to_wkb(set_srid(g, 4326), include_srid=True)`.
    @Test func wellKnownBinaryIsThatOfGEOS() throws {
        let polygon = Geometry.polygons([Polygon(rectangle(0, 0, 1, 2))])
        let hex = polygon.extendedWKB(srid: 4326).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        #expect(
            hex == "0106000020e61000000100000001030000000100000005000000000000000000000000000000000000000000"
                + "00000000f03f0000000000000000000000000000f03f00000000000000400000000000000000000000000000"
                + "004000000000000000000000000000000000")
    }

    /// Written by Shapely 2.2.0 with its own byte orders and dimensions.
    @Test(
        arguments: [
            ("00000000013ff00000000000004000000000000000", .point(Position(1, 2))),
            ("01e9030000000000000000f03f00000000000000400000000000000840", .point(Position(1, 2))),
            (
                "01d207000002000000000000000000f03f000000000000004000000000000022400000000000000840000000"
                    + "00000010400000000000002240", .line([Position(1, 2), Position(3, 4)])
            ),
            (
                "01030000800100000004000000000000000000000000000000000000000000000000001440000000000000f0"
                    + "3f00000000000000000000000000001440000000000000f03f00000000000000400000000000001440000000"
                    + "000000000000000000000000000000000000001440",
                .polygon(Polygon([Position(0, 0), Position(1, 0), Position(1, 2), Position(0, 0)]))
            ),
            (
                "01bc0b00000200000001b90b0000000000000000f03f00000000000000400000000000000840000000000000"
                    + "104001b90b0000000000000000144000000000000018400000000000001c400000000000002040",
                .points([Position(1, 2), Position(5, 6)])
            ),
            (
                "0000000005000000010000000002000000023ff0000000000000400000000000000040080000000000004010"
                    + "000000000000", .lines([[Position(1, 2), Position(3, 4)]])
            ),
            (
                "0107000000020000000101000000000000000000f03f00000000000000400103000000010000000400000000"
                    + "000000000000000000000000000000000000000000f03f0000000000000000000000000000f03f0000000000"
                    + "00004000000000000000000000000000000000",
                .collection([
                    .point(Position(1, 2)),
                    .polygon(Polygon([Position(0, 0), Position(1, 0), Position(1, 2), Position(0, 0)])),
                ])
            ),
            ("0101000000000000000000f87f000000000000f87f", nil),
            ("010600000000000000", nil),
        ] as [(String, Geometry?)])
    func wellKnownBinaryIsRead(hex: String, expected: Geometry?) throws {
        let bytes = stride(from: 0, to: hex.count, by: 2).map { start in
            let from = hex.index(hex.startIndex, offsetBy: start)
            return UInt8(hex[from..<hex.index(from, offsetBy: 2)], radix: 16) ?? 0
        }
        #expect(try WellKnownBinary.geometry(bytes[...], limits: AreaLimits()) == expected)
    }

    @Test func wellKnownBinaryThatEndsEarlyIsRefused() {
        let whole = Geometry.polygons([Polygon(rectangle(0, 0, 1, 2))]).extendedWKB(srid: 0)
        // Without the number of the system, as plain well-known binary has it.
        let plain: [UInt8] = [1, 6, 0, 0, 0] + Array(whole[9...])
        for end in plain.indices {
            #expect(throws: Fault.self) {
                try WellKnownBinary.geometry(plain[..<end], limits: AreaLimits())
            }
        }
    }

    /// A collection of collections of collections ..., 1,000 deep.
    @Test func nestingIsBounded() {
        let deep = [UInt8](repeating: 0, count: 1000).flatMap { _ in [1, 7, 0, 0, 0, 1, 0, 0, 0] as [UInt8] }
        #expect(throws: Fault.self) { try WellKnownBinary.geometry(deep[...], limits: AreaLimits()) }
    }

    @Test func numbersOfPartsAreBounded() {
        let many: [UInt8] = [1, 6, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0x7F]
        #expect(throws: Fault.self) { try WellKnownBinary.geometry(many[...], limits: AreaLimits()) }
    }
}
