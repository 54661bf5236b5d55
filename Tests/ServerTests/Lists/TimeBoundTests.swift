import Domain
import Testing

@testable import Server

@Suite struct TimeBoundTests {
    /// The second day of 1970.
    private static let day = LocalDay(number: 1)

    @Test(arguments: ["1970-01-02", "1970-01-02T", "1970-01-02t"])
    func aDateIsADay(text: String) throws {
        let bound = try #require(TimeBound(text))
        #expect(bound == .day(Self.day))
        #expect(bound.start == Instant(seconds: 86_400))
        #expect(bound.end == Instant(seconds: 172_800))
    }

    @Test(arguments: ["1970-01-02T00:00:00Z", "1970-01-01T19:00:00-05:00", "1970-01-01t23:59:60z"])
    func aTimeIsAnInstant(text: String) throws {
        let bound = try #require(TimeBound(text))
        #expect(bound == .instant(Instant(seconds: 86_400)))
        #expect(bound.end == Instant(microseconds: 86_400_000_001))
    }

    @Test(arguments: ["", "T", "1970-01-02x", "1970-01-02T00", "1970-01-32", "1970-01-02TT", "1970-1-2", "latest"])
    func anythingElseIsNeither(text: String) {
        #expect(TimeBound(text) == nil)
    }
}
