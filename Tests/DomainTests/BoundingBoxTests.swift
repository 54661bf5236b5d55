import Domain
import Testing

struct BoundingBoxTests {
    @Test func theSidesAreReadInTheirOrder() {
        #expect(
            BoundingBox("-79.6,43.5,-79.1,43.9") == BoundingBox(west: -79.6, south: 43.5, east: -79.1, north: 43.9))
        #expect(BoundingBox("170,-20,-170,-10.5") == BoundingBox(west: 170, south: -20, east: -170, north: -10.5))
    }

    @Test(arguments: [
        "", "1,2,3", "1,2,3,4,5", "1,2,3,x", "1,x,2,3,4", "1,,3,4", " 1,2,3,4", "1,5,3,4", "181,0,0,1", "0,-91,1,1",
        "nan,0,1,1", "0,0,inf,1",
    ])
    func otherTextsAreNoBox(_ text: String) {
        #expect(BoundingBox(text) == nil)
    }
}
