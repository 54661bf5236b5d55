import Testing

@testable import Formats
@testable import Server
@testable import Web

@Suite struct ListFormatTests {
    @Test(arguments: [
        ("", nil, ListFormat.json), ("", "*/*", .json), ("", "application/geo+json", .geojson),
        ("", "Application/Geo+JSON; charset=utf-8", .geojson), ("", "text/html, application/json", .json),
        ("", "application/json;q=0.5, application/geo+json", .geojson),
        ("", "application/geo+json;q=0", .json), ("f=json", "application/geo+json", .json),
        ("f=geojson", "application/json", .geojson), ("f=flatgeobuf", nil, .flatgeobuf), ("", "text/csv", .csv),
        ("", "application/geo+json-seq, text/csv;q=0.5", .geojsonseq),
    ])
    func theParameterGoesBeforeTheHeader(query: String, accept: String?, format: ListFormat) {
        var parameters = QueryParameters(query, known: ["f"])
        #expect(ListFormat(&parameters, accept: accept) == format)
        #expect(parameters.faults.isEmpty)
    }

    @Test(arguments: [
        ("", nil, ListFormat.geojson), ("", "text/plain, application/json", .geojson), ("", "text/csv", .csv),
        ("f=json", "application/geo+json", .json),
    ])
    func whereGeoJSONIsUsualJSONMeansIt(query: String, accept: String?, format: ListFormat) {
        var parameters = QueryParameters(query, known: ["f"])
        #expect(ListFormat(&parameters, accept: accept, usual: .geojson) == format)
    }

    @Test func anUnknownFormatIsRefused() {
        var parameters = QueryParameters("f=xml", known: ["f"])
        _ = ListFormat(&parameters, accept: nil)
        #expect(parameters.faults.map(\.field) == ["f"])
    }
}
