import Domain
import Foundation
import Testing

@Suite struct InstantTextTests {
    /// The instant as Foundation reads it.
    private static func reference(_ text: String) throws -> Instant {
        let date = try Date(text, strategy: .iso8601)
        return Instant(seconds: Int64(date.timeIntervalSince1970))
    }

    @Test(arguments: [
        "1970-01-01T00:00:00Z", "2021-12-31T23:59:59Z", "2024-02-29T12:00:00+05:30", "2021-07-01T00:00:00-04:00",
        "1969-12-31T23:59:59Z", "2038-01-19T03:14:08Z",
    ])
    func instantsAreThoseOfFoundation(text: String) throws {
        #expect(Instant(text) == (try Self.reference(text)))
    }

    @Test func aDayBeginsAtMidnightUTC() throws {
        #expect(Instant("2021-12-31") == (try Self.reference("2021-12-31T00:00:00Z")))
    }

    @Test func decimalsOfASecondAreRead() {
        #expect(Instant("1970-01-01T00:00:01.5Z") == Instant(microseconds: 1_500_000))
        #expect(Instant("1970-01-01T00:00:00.000001Z") == Instant(microseconds: 1))
        // Those beyond the sixth are cut off.
        #expect(Instant("1970-01-01T00:00:00.1234567Z") == Instant(microseconds: 123_456))
        #expect(Instant("1970-01-01T23:59:59.999999999999Z") == Instant(microseconds: 86_399_999_999))
    }

    @Test func smallLettersMeanTheSame() {
        #expect(Instant("1970-01-01t00:00:01z") == Instant(microseconds: 1_000_000))
        #expect(Instant("1970-01-01t00:00:01+00:00") == Instant(microseconds: 1_000_000))
    }

    /// The examples of RFC 3339, 5.8: a leap second in UTC and the same one eight hours behind.
    @Test(arguments: ["1990-12-31T23:59:60Z", "1990-12-31T15:59:60-08:00", "1991-01-01T01:29:60+01:30"])
    func aLeapSecondIsTheMidnightThatFollows(text: String) throws {
        let midnight = try Self.reference("1991-01-01T00:00:00Z")
        #expect(Instant(text) == midnight)
        #expect(Instant(text.replacing(":60", with: ":60.5")) == midnight + .milliseconds(500))
    }

    @Test(arguments: [
        "", "2021", "2021-12-31T", "2021-12-31T10:00", "2021-12-31T10:00:00", "2021-12-31 10:00:00Z",
        "2021-12-31T24:00:00Z", "2021-12-31T10:60:00Z", "2021-12-31T10:00:60Z", "2021-12-31T10:00:00.Z",
        "2021-12-31T23:59:61Z", "2021-12-31T23:59:60+01:00", "2021-12-31x10:00:00Z", "2021-12-31T10:00:00+0100",
        "2021-12-31T10:00:00+1:00",
        "2021-12-31T10:00:00Zx", "2021-02-30T10:00:00Z", "2021-12-31T10:00:00+25:00", "2021-12-31é",
    ])
    func anythingElseIsRefused(text: String) {
        #expect(Instant(text) == nil)
    }

    @Test(arguments: [
        (0, "1970-01-01T00:00:00Z"), (1_500_000, "1970-01-01T00:00:01.500000Z"),
        (-1, "1969-12-31T23:59:59.999999Z"), (-86_400_000_000, "1969-12-31T00:00:00Z"),
        (1_640_995_199_000_000, "2021-12-31T23:59:59Z"),
    ])
    func aFractionIsWrittenOnlyWhenThereIsOne(microseconds: Int64, text: String) {
        #expect(Instant(microseconds: microseconds).description == text)
        #expect(Instant(text) == Instant(microseconds: microseconds))
    }
}
