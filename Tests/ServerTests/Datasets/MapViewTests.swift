import Domain
import Testing

@testable import Server

@Suite struct MapViewTests {
    @Test func aBoxIsShownWhole() {
        let view = MapView(of: DatasetStatus.toronto.bounds)
        #expect(abs(view.longitude + 79.38) < 1e-9)
        #expect(abs(view.latitude - 43.72) < 1e-9)
        // A 512-pixel map shows 360 / 2^zoom degrees; the box is 0.52 wide, and 0.28 / cos(43.72) = 0.39 high.
        #expect(view.zoom == 9)
    }

    @Test func theMiddleOfABoxOverTheAntimeridianIsOnIt() {
        let view = MapView(of: BoundingBox(west: 170, south: -20, east: -160, north: -10))
        #expect(view.longitude == -175)
        #expect(view.bounds == BoundingBox(west: -180, south: -20, east: 180, north: -10))
    }

    @Test func withoutABoxTheWorldIsShown() {
        let view = MapView(of: nil)
        #expect((view.longitude, view.latitude, view.zoom) == (0, 0, 0))
        #expect(view.bounds.west == -180)
        #expect(view.bounds.east == 180)
    }

    @Test func aPointDoesNotZoomWithoutEnd() {
        #expect(MapView(of: BoundingBox(west: 1, south: 1, east: 1, north: 1)).zoom == 12)
    }
}
