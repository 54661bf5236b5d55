import Testing
import TileMath

@Suite struct WebMercatorTests {
    /// Cell sizes from OGC 17-083r2, annex D.1 (WebMercatorQuad), for tiles of 256 pixels.
    @Test(arguments: [
        (0, 156543.033928041), (1, 78271.5169640205), (10, 152.874056570353), (18, 0.597164283477939),
    ])
    func pixelSizeIsThatOfWebMercatorQuad(zoom: Int, cellSize: Double) throws {
        #expect(abs(try TileAddress(z: zoom, x: 0, y: 0).side / 256 / cellSize - 1) < 1e-12)
    }

    @Test func worldIsASquare() {
        #expect(abs(WebMercator.extent - .pi * WebMercator.radius) < 1e-8)
        #expect(abs(WebMercator.maximumLatitude - 85.05112877980659) < 1e-12)
        let corner = WebMercator.project(longitude: 180, latitude: WebMercator.maximumLatitude)
        #expect(corner.x == WebMercator.extent)
        #expect(abs(corner.y - WebMercator.extent) < 1e-6)
    }

    /// The worked example for method 1024 in EPSG guidance note 7-2.
    @Test func projectsTheExampleOfTheEPSGGuidance() {
        let longitude = -(100 + 20.0 / 60)
        let latitude = 24 + 22.0 / 60 + 54.433 / 3600
        let (x, y) = WebMercator.project(longitude: longitude, latitude: latitude)
        #expect(abs(x - -11_169_055.58) < 0.01)
        #expect(abs(y - 2_800_000.00) < 0.01)
    }

    @Test(arguments: [-85.0, -43.65, -1e-9, 0, 12.5, 60, 85.05])
    func unprojectingUndoesProjecting(latitude: Double) {
        let (x, y) = WebMercator.project(longitude: latitude * 2, latitude: latitude)
        let position = WebMercator.unproject(x: x, y: y)
        #expect(abs(position.longitude - latitude * 2) < 1e-12)
        #expect(abs(position.latitude - latitude) < 1e-12)
    }
}
