import Domain
import Testing

@testable import Server
@testable import Web

@Suite struct QueryParametersTests {
    private static let known = ["dataset", "date", "level", "bbox", "limit", "resolution", "event_type", "cell"]

    private func read(_ query: String?) -> QueryParameters { QueryParameters(query, known: Self.known) }

    private func faults(_ query: String, _ body: (inout QueryParameters) -> Void = { _ in }) -> [String] {
        var parameters = read(query)
        body(&parameters)
        return parameters.faults.map(\.field)
    }

    @Test func noQueryIsNoFault() throws {
        try read(nil).check()
        try read("").check()
        try read("&&").check()
    }

    @Test func unknownAndRepeatedParametersAreNamed() {
        #expect(faults("Date=2021-01-01") == ["Date"])
        #expect(faults("date=2021-01-01&date=2021-01-01") == ["date"])
        #expect(faults("foo=1&bar&limit=3") == ["foo", "bar"])
    }

    @Test func theCharacterThatNoStoredTextHasIsRefused() {
        #expect(faults("dataset=a%00b") == ["dataset"])
        #expect(faults("dataset=%00") == ["dataset"])
    }

    @Test func everyFaultIsNamedAtOnce() {
        let parameters = faults("date=someday&limit=0&bbox=1,2,3&foo=1") { parameters in
            _ = parameters.namedDay("date")
            _ = parameters.limit(default: 10)
            _ = parameters.bounds()
        }
        #expect(parameters == ["foo", "date", "limit", "bbox"])
    }

    @Test func valuesAreDecoded() {
        #expect(read("event_type=Break+and%20Enter").text("event_type") == "Break and Enter")
        #expect(read("event_type=a%2Bb%3Dc=d").text("event_type") == "a+b=c=d")
        #expect(read("%64ate=x").text("date") == "x")
        #expect(read("event_type=%C3%A9t%C3%A9").text("event_type") == "été")
    }

    @Test(arguments: ["event_type=%", "event_type=%4", "event_type=%zz", "event_type=%ff", "%ff=1"])
    func whatIsNotPercentEncodedUTF8IsRefused(query: String) {
        #expect(faults(query).count == 1)
    }

    @Test(arguments: ["2021-02-29", "2021-1-1", "2021-01-01T00:00:00Z", "", " 2021-01-01", "0000-01-01"])
    func aDateIsACalendarDay(text: String) {
        #expect(faults("date=\(text)") { _ = $0.namedDay("date") } == ["date"])
    }

    @Test(arguments: ["0", "1001", "-1", "+5", "5.0", "", "1e2", "99999999999999999999", "٣"])
    func aLimitIsFrom1To1000(text: String) {
        #expect(faults("limit=\(PercentEncoding.encode(text))") { _ = $0.limit(default: 10) } == ["limit"])
    }

    @Test func limitsWithinAreTaken() {
        var parameters = read("limit=1000")
        #expect(parameters.limit(default: 10) == 1000)
        var none = read("")
        #expect(none.limit(default: 10) == 10)
    }

    @Test func levelsAreASet() {
        func levels(_ text: String) -> Set<RiskLevel> {
            var parameters = read("level=\(text)")
            return parameters.levels()
        }
        #expect(levels("high") == [.high])
        #expect(levels("high,critical,high") == [.high, .critical])
        #expect(levels("low,medium,high,critical").isEmpty)
    }

    @Test(arguments: ["", "High", "high,", "high;low", "all"])
    func wordsThatAreNoLevelAreRefused(text: String) {
        #expect(faults("level=\(text)") { _ = $0.levels() } == ["level"])
    }

    @Test func aBoxMayCrossTheAntimeridian() {
        var parameters = read("bbox=170,-20,-170,-10.5")
        #expect(parameters.bounds() == BoundingBox(west: 170, south: -20, east: -170, north: -10.5))
    }

    @Test(arguments: [
        "1,2,3", "1,2,3,4,5", "1,2,3,x", "1,5,3,4", "-181,0,0,1", "0,0,181,1", "0,-91,1,1", "0,0,1,91", "nan,0,1,1",
        "0,0,inf,1", "1,,3,4", "",
    ])
    func whatIsNoBoxIsRefused(text: String) {
        #expect(faults("bbox=\(text)") { _ = $0.bounds() } == ["bbox"])
    }

    @Test(arguments: ["Toronto", "", "-a", "_a", "a b", "a.b", "a/b", "é", String(repeating: "a", count: 64)])
    func whatIsNoSlugIsRefused(text: String) {
        #expect(faults("dataset=\(PercentEncoding.encode(text))") { _ = $0.dataset() } == ["dataset"])
    }

    @Test(arguments: ["882B9BC46DFFFFF", "0882b9bc46dfffff", "0x882b9bc46dfffff", "882b9bc46d", "", "ffffffffffffffff"])
    func aCellHasOneSpelling(text: String) {
        #expect(faults("cell=\(text)") { _ = $0.cell("cell") } == ["cell"])
    }
}
