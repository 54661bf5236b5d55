import H3
import TestSupport
import Testing

@testable import Domain

struct CellOutlineTests {
    private typealias Ring = [CellOutline.Point]

    /// The signed area in the plane in square degrees; positive if counter-clockwise.
    private static func area(_ ring: Ring) -> Double {
        // Relative to the first point: relative to the origin, rounding would hide small cells.
        let corners = ring.map { ($0.longitude - ring[0].longitude, $0.latitude - ring[0].latitude) }
        return zip(corners, corners.dropFirst()).map { $0.0 * $1.1 - $1.0 * $0.1 }.reduce(0, +) / 2
    }

    private static func cells(latitude: ClosedRange<Double>, longitude: (inout SplitMix) -> Double) throws -> [H3Cell] {
        var random = SplitMix(state: 4)
        return try (0..<400).map { index in
            try H3Cell(
                latitude: Double.random(in: latitude, using: &random), longitude: longitude(&random),
                resolution: Resolution.allCases[index % 16])
        }
    }

    private static func checkRings(_ outline: CellOutline, _ cell: H3Cell) {
        #expect(outline.polygons.count == 1 || outline.polygons.count == 2, "\(cell)")
        for ring in outline.polygons {
            #expect(ring.count >= 4, "\(cell)")
            #expect(ring.first == ring.last, "\(cell)")
            #expect(area(ring) > 0, "\(cell)")
            #expect(ring.allSatisfy { abs($0.longitude) <= 180 && abs($0.latitude) <= 90 }, "\(cell)")
            #expect(zip(ring, ring.dropFirst()).allSatisfy { $0 != $1 }, "\(cell) repeats a point")
        }
    }

    @Test func aCellAwayFromTheEdgesIsItsBoundary() throws {
        for cell in try Self.cells(latitude: -60...60, longitude: { Double.random(in: -140...140, using: &$0) }) {
            let outline = CellOutline(cell)
            Self.checkRings(outline, cell)
            let boundary = cell.boundary.map { [$0.longitude, $0.latitude] }
            #expect(outline.polygons.map { $0.dropLast().map { [$0.longitude, $0.latitude] } } == [boundary])
        }
    }

    @Test func aCellOverTheAntimeridianIsCutInTwoWithoutLoss() throws {
        var cut = 0
        for cell in try Self.cells(latitude: -70...70, longitude: { 180 - Double.random(in: 0...1e-6, using: &$0) }) {
            let outline = CellOutline(cell)
            Self.checkRings(outline, cell)
            let turned = cell.boundary.map {
                CellOutline.Point(
                    longitude: $0.longitude < 0 ? $0.longitude + 360 : $0.longitude, latitude: $0.latitude)
            }
            let whole = Self.area(turned + turned.prefix(1))
            let parts = outline.polygons.map(Self.area).reduce(0, +)
            #expect(abs(parts - whole) < whole / 100_000, "\(cell)")
            guard outline.polygons.count == 2 else { continue }
            cut += 1
            #expect(
                outline.polygons.contains { $0.allSatisfy { $0.longitude > 0 } && $0.contains { $0.longitude == 180 } })
            #expect(
                outline.polygons.contains { $0.allSatisfy { $0.longitude < 0 } && $0.contains { $0.longitude == -180 } }
            )
        }
        #expect(cut > 300)
    }

    @Test func bothPartsOfACutMeetOnTheAntimeridian() throws {
        let cell = try H3Cell(latitude: -17, longitude: 179.99, resolution: 4)
        let cuts = CellOutline(cell).polygons.map { ring in
            Set(ring.filter { abs($0.longitude) == 180 }.map(\.latitude))
        }
        try #require(cuts.count == 2)
        #expect(cuts[0].count == 2)
        #expect(cuts[0] == cuts[1])
    }

    @Test(arguments: [90.0, -90], Resolution.allCases)
    func theCellAroundAPoleReachesIt(_ pole: Double, _ resolution: Resolution) throws {
        let cell = try H3Cell(latitude: pole, longitude: 0, resolution: resolution)
        let outline = CellOutline(cell)
        Self.checkRings(outline, cell)
        let ring = try #require(outline.polygons.first)
        #expect(outline.polygons.count == 1)
        #expect(ring.count { $0.latitude == pole } == 2)
        #expect(ring.map(\.longitude).min() == -180)
        #expect(ring.map(\.longitude).max() == 180)
        // A vertex of one of the finest cells may fall on the pole itself, where it adds nothing.
        let own = Set(
            cell.boundary.filter { $0.latitude != pole }
                .map { CellOutline.Point(longitude: $0.longitude, latitude: $0.latitude) })
        #expect(own.isSubset(of: ring))
    }

    @Test(arguments: Resolution.allCases)
    func cellsBesideAPoleAreWhole(_ resolution: Resolution) throws {
        for pole in [90.0, -90] {
            let polar = try H3Cell(latitude: pole, longitude: 0, resolution: resolution)
            for vertex in polar.boundary {
                // A little beyond the vertex, away from the pole.
                let away = vertex.latitude + (vertex.latitude - pole) / 4
                let cell = try H3Cell(latitude: away, longitude: vertex.longitude, resolution: resolution)
                guard cell != polar else { continue }
                Self.checkRings(CellOutline(cell), cell)
                #expect(CellOutline(cell).polygons.joined().allSatisfy { $0.latitude != pole })
            }
        }
    }
}
