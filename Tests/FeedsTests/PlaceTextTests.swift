import Testing

@testable import Feeds

/// Points that stand in one text.
@Suite struct PlaceTextTests {
    private static func read(_ text: String, decimalComma: Bool = false) throws(PlaceText.Fault) -> PlaceText {
        try PlaceText.read(Array(text.utf8).span, decimalComma: decimalComma)
    }

    @Test(arguments: [
        "(37.5, -122.25)", "37.5, -122.25", "37.5,-122.25", "37.5 -122.25", "37.5; -122.25", "[37.5, -122.25]",
        "37.5\u{A0}-122.25", "37.5|-122.25", "37.5/-122.25", "(37.5,\u{2212}122.25)", "POINT (37.5 -122.25)",
        "POINT(37.5 -122.25)", "point z (37.5 -122.25 12)", "POINTZ(37.5 -122.25 12)", "POINT ZM (37.5 -122.25 1 2)",
        "SRID=4326;POINT(37.5 -122.25)", "MULTIPOINT ((37.5 -122.25))", "MULTIPOINT(37.5 -122.25)",
        "POINT(37.5, -122.25)", #"{"type":"Point","coordinates":[37.5,-122.25]}"#,
        #"{"type": "MultiPoint", "coordinates": [[37.5, -122.25, 3]]}"#,
        "{'type': 'Point', 'coordinates': [37.5, -122.25]}",
        #"{"type":"Feature","geometry":{"coordinates":[37.5,-122.25],"type":"Point"},"properties":{"a":"b"}}"#,
        "1 MARKET ST\nSan Francisco, CA 94105\n(37.5, -122.25)", "POINT LOBOS AVE\nSan Francisco\n(37.5, -122.25)",
        "[37.5,-122.25,556.2]", "37.5, -122.25, 12",
    ])
    func twoCoordinatesStandInTheirOrder(_ text: String) throws {
        let place = try Self.read(text)
        #expect(place.first == 37.5)
        #expect(place.second == -122.25)
        #expect(place.axes == nil)
        #expect(place.point(.latitudeLongitude) == (-122.25, 37.5))
        #expect(place.point(.longitudeLatitude) == (37.5, -122.25))
    }

    @Test(arguments: [
        "37.5N 122.25W", "122.25W, 37.5N", "37.5N,122.25W", "37.5N122.25W", "N37.5 W122.25", "N 37.5, W 122.25",
        "37°30'N 122°15'W", "37°30'00\"N, 122°15'00\"W", "37 30 00 N 122 15 00 W", "W122°15' N37°30'",
        "37.5° N, 122.25° W", "lat: 37.5, lon: -122.25", "Lat 37.5 Lon -122.25", "Longitude: -122.25; Latitude: 37.5",
        "(37° 30.0' N, 122° 15.0' W)", #"{"latitude":"37.5","longitude":"-122.25"}"#, #"{"lon": -122.25, "lat": 37.5}"#,
        "{'needs_recoding': False, 'longitude': '-122.25', 'latitude': '37.5', 'human_address': '{\"city\": \"SF\"}'}",
    ])
    func whatNamesItsAxesNeedsNoOrder(_ text: String) throws {
        let place = try Self.read(text)
        for axes in [PlaceText.Axes.latitudeLongitude, .longitudeLatitude] {
            #expect(place.point(axes) == (-122.25, 37.5))
        }
    }

    @Test(arguments: [
        ("37,5 -122,25"), ("37,5; -122,25"), ("37,5, -122,25"), ("37.5, -122.25"), ("37,5° -122,25°"),
    ])
    func decimalCommasAreUnderstoodWhereTheyMayBe(_ text: String) throws {
        let place = try Self.read(text, decimalComma: true)
        #expect(place.first == 37.5)
        #expect(place.second == -122.25)
    }

    @Test(arguments: [
        "37.5", "37.5,", "north of here", "12/25/2020", "(a, b)", "LINESTRING (1 2, 3 4)", "POINT (1 2, 3 4)",
        "MULTIPOINT (1 2, 3 4)", "POINT (1)", "SRID=3857;POINT (1 2)", "SRID=x;POINT(1 2)",
        #"{"type":"Polygon","coordinates":[[[1,2],[3,4],[1,2]]]}"#,
        #"{"type":"MultiPoint","coordinates":[[1,2],[3,4]]}"#,
        #"{"a":1}"#, "{\"a", "45 08 7 26", "37.5N 38.5N", "37,5,-122,25", "1,2,3,4",
    ])
    func whatIsNoPointSaysSo(_ text: String) {
        let fault = #expect(throws: PlaceText.Fault.self) { try Self.read(text) }
        #expect(fault != .empty)
    }

    @Test(arguments: [
        "POINT EMPTY", "SRID=4326;POINT EMPTY", #"{"type":"Point","coordinates":[]}"#,
        #"{"type":"Feature","geometry":null,"properties":{}}"#, #"{"coordinates":null}"#,
        "{'latitude': None, 'longitude': None}",
    ])
    func anEmptyPlaceIsMissing(_ text: String) {
        #expect(throws: PlaceText.Fault.empty) { try Self.read(text) }
    }
}
