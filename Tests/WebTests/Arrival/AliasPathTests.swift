import Testing

@testable import Web

struct AliasPathTests {
    @Test(arguments: [
        ("/api/v1/suburbs", "/v1/suburbs"), ("/api/suburbs", "/v1/suburbs"), ("/v1/suburbs", "/v1/suburbs"),
        ("/api", "/api"), ("/ogc/api", "/ogc/api"), ("/apiary/v1/x", "/apiary/v1/x"),
        ("/api/tiles/1/2/3.mvt", "/v1/tiles/1/2/3.mvt"),
    ])
    func olderPathsMeanTheSameRoutes(_ path: String, _ route: String) {
        #expect(AliasPath.route(path) == route)
    }
}
