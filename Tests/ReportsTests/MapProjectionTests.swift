import Domain
import H3
import Testing

@testable import Reports

@Suite struct MapProjectionTests {
    private let frame = Canvas.Rectangle(x: 10, y: 20, width: 200, height: 100)

    @Test func aBoxFillsTheFrameAndKeepsItsShape() throws {
        // Around the equator Web Mercator is nearly flat: 4 degrees wide, 2 high.
        let map = ReportMap(frame: BoundingBox("10,-1,14,1"))
        let view = try #require(MapProjection(map, into: frame))
        let centre = view.point(longitude: 12, latitude: 0)
        #expect(abs(centre.x - 110) < 1e-9)
        #expect(abs(centre.y - 70) < 1e-9)
        let corner = view.point(longitude: 10, latitude: 1)
        // Four hundredths of the frame are left on each side.
        #expect(abs(corner.x - 18) < 0.01)
        #expect(abs(corner.y - 24) < 0.01)
    }

    @Test func northIsUpAndDistancesGrowTowardsThePoles() throws {
        let view = try #require(MapProjection(ReportMap(frame: BoundingBox("0,0,60,60")), into: frame))
        let heights = [0.0, 20, 40, 60].map { view.point(longitude: 30, latitude: $0).y }
        #expect(heights == heights.sorted(by: >))
        // Mercator: ln(tan(45 + latitude / 2)), in units of a degree of longitude: 57.296 ln(3.7321) = 75.456.
        let degree = view.point(longitude: 1, latitude: 0).x - view.point(longitude: 0, latitude: 0).x
        #expect(abs((heights[0] - heights[3]) / degree - 75.456) < 0.001)
    }

    @Test func aMapAcrossTheAntimeridianIsWhole() throws {
        let view = try #require(MapProjection(ReportMap(frame: BoundingBox("178,-18,-178,-16")), into: frame))
        let west = view.point(longitude: 179, latitude: -17)
        let east = view.point(longitude: -179, latitude: -17)
        #expect(west.x < east.x)
        #expect(frame.x < west.x && east.x < frame.right)
        // A cell on the line itself.
        let cell = try H3Cell(latitude: -17, longitude: 180, resolution: Resolution(6))
        let ring = try #require(view.ring(of: cell))
        let width = (ring.map(\.x).max() ?? 0) - (ring.map(\.x).min() ?? 0)
        #expect(width < 10)
    }

    @Test func aCellAroundAPoleIsNotDrawn() throws {
        let view = try #require(MapProjection(ReportMap(frame: BoundingBox("-180,-85,180,85")), into: frame))
        let cell = try H3Cell(latitude: 90, longitude: 0, resolution: Resolution(2))
        #expect(view.ring(of: cell) == nil)
    }

    @Test func nothingHasNoMap() {
        #expect(MapProjection(ReportMap(), into: frame) == nil)
    }

    @Test(arguments: [(1.0, 1.0), (4, 1), (5, 2), (9, 5), (21, 10), (100, 50), (599, 200), (1_000_000, 500_000)])
    func linesOfAChartAreRoundAndFew(highest: Double, step: Double) {
        #expect(HistoryChart.niceStep(highest) == step)
    }
}
