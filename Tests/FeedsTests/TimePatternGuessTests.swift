import Testing

@testable import Feeds

/// The ways of writing a time that a dry run knows.
@Suite struct TimePatternGuessTests {
    private static func guess(_ values: [String], isNamed: Bool = true) -> TimePatternGuess? {
        TimePatternGuess(values, isNamed: isNamed)
    }

    /// Each value is a time on 13 June 2023, which no other order of day and month allows.
    @Test(arguments: [
        ("13/06/2023 10:00:00", "d/MM/yyyy H:mm:ss"), ("13.06.2023 10:00", "d.MM.yyyy H:mm"),
        ("13-06-2023 10:00", "d-MM-yyyy H:mm"), ("13-Jun-2023", "d-MMM-yyyy"), ("13-Jun-2023 10:00", "d-MMM-yyyy H:mm"),
        ("6/13/2023 1:05 PM", "M/d/yyyy h:mm a"), ("6/13/2023 1:05:09 PM", "M/d/yyyy h:mm:ss a"),
        ("13 June 2023", "d MMMM yyyy"), ("20230613 1005", "yyyyMMdd HHmm"), ("2023/06/13 10:05", "yyyy/MM/d H:mm"),
        ("06/13/23", "MM/d/yy"), ("2023-06-13", "iso8601"), ("2023-06-13T10:05:00.123Z", "iso8601"),
        ("2023-06-13 10:05:00 UTC", "yyyy-MM-d H:mm:ss z"), ("2023-06-13 10:05:00 +0200", "yyyy-MM-d H:mm:ss X"),
        ("2023/06/13 10:05:00+00", "yyyy/MM/d H:mm:ssX"), ("June 13, 2023", "MMMM d, yyyy"),
        ("Jun 13, 2023 10:05 AM", "MMM d, yyyy h:mm a"), ("Tue, 13 Jun 2023 10:05:00 GMT", "EEE, d MMM yyyy H:mm:ss z"),
        ("Tuesday, June 13, 2023 10:00", "EEEE, MMMM d, yyyy H:mm"), ("13.06.2023, 10:05 Uhr", "d.MM.yyyy, H:mm 'Uhr'"),
        ("20230613", "yyyyMMdd"), ("20230613100500", "yyyyMMddHHmmss"), ("20230613T100500", "yyyyMMdd'T'HHmmss"),
        ("13JUN2023:10:05:00", "ddMMMyyyy:H:mm:ss"), ("Tue Jun 13 10:05:00 2023", "EEE MMM d H:mm:ss yyyy"),
        ("Tue Jun 13 10:05:00 UTC 2023", "EEE MMM d H:mm:ss z yyyy"), ("13. 6. 2023", "d. M. yyyy"),
        ("2023-06", "yyyy-MM"), ("Jun-23", "MMM-yy"), ("June 2023", "MMMM yyyy"), ("06/2023", "MM/yyyy"),
        ("202306", "yyyyMM"),
        ("1686650700", "epoch_seconds"), ("1686650700000", "epoch_milliseconds"),
        ("1.6866507E12", "epoch_milliseconds"),
        ("45090", "excel_1900"), ("45090.42", "excel_1900"), ("2023-Jun-13", "yyyy-MMM-d"),
        ("13/Jun/2023", "d/MMM/yyyy"),
        ("06/13/2023, 10:05:00", "MM/d/yyyy, H:mm:ss"), ("2023.06.13 10.05", "yyyy.MM.d H.mm"),
    ])
    func theUsualWaysOfWritingATimeAreKnown(_ value: String, _ pattern: String) throws {
        let guess = try #require(Self.guess([value]))
        #expect(guess.candidates.map(\.text) == [pattern])
        #expect(guess.candidates[0].reading(value)?.year == 2023)
        #expect(guess.candidates[0].reading(value)?.month == 6)
    }

    @Test func textBehindTheTimeIsFound() throws {
        let guess = try #require(Self.guess(["Tue Jun 13 2023 10:05:00 GMT-0200 (Brasilia Time)"]))
        #expect(guess.candidates.map(\.text) == ["EEE MMM d yyyy H:mm:ss z"])
        #expect(guess.candidates[0].pattern.skipsRest)
    }

    @Test func twoDigitsAreWrittenWhereAValueShowsThem() throws {
        let padded = try #require(Self.guess(["06/07/2023 08:05", "12/31/2023 23:05"]))
        #expect(padded.candidates[0].text == "MM/dd/yyyy HH:mm")
        let bare = try #require(Self.guess(["6/7/2023 8:05", "12/31/2023 23:05"]))
        #expect(bare.candidates[0].text == "M/d/yyyy H:mm")
        let open = try #require(Self.guess(["12/31/2023 23:05"]))
        #expect(open.candidates[0].text == "M/d/yyyy H:mm", "nothing shows that they always have two")
    }

    @Test(arguments: [
        (["1/2/2023", "3/4/2023"], ["M/d/yyyy", "d/M/yyyy"]),
        (["01.02.2023", "03.04.2023"], ["MM.dd.yyyy", "dd.MM.yyyy"]),
        (["01/02/03"], ["MM/dd/yy", "dd/MM/yy", "yy/MM/dd"]), (["1/2/2023", "13/4/2023"], ["d/M/yyyy"]),
        (["1/1/2023", "2/2/2023"], ["M/d/yyyy"]), (["13.06.23"], ["d.MM.yy", "yy.MM.d"]),
    ])
    func ordersThatNoValueDecidesAreAllTold(_ values: [String], _ patterns: [String]) throws {
        #expect(try #require(Self.guess(values)).candidates.map(\.text) == patterns)
    }

    @Test func ofMayAloneNobodyKnowsHowOtherMonthsAreWritten() throws {
        let guess = try #require(Self.guess(["1 May 2023"]))
        #expect(guess.candidates.map(\.text) == ["d MMM yyyy"])
        #expect(guess.others == ["d MMMM yyyy"])
    }

    @Test(arguments: [
        "3", "2019", "44", "951782", "493906.5", "20231399", "5 Main St", "1.2.3", "-79.4", "10:05",
        "99999999999999999999",
    ])
    func otherValuesAreNoTimes(_ value: String) {
        #expect(Self.guess([value])?.candidates.map(\.text) == nil)
    }

    @Test func oneWrongValueOfTenIsLetThrough() {
        let good = (10..<28).map { "\($0)/06/2023" }
        #expect(Self.guess(good + ["x", "05/17/1015"])?.candidates.map(\.text) == ["d/MM/yyyy"])
        #expect(Self.guess(good + ["x", "y", "z"])?.candidates.map(\.text) == nil)
    }

    @Test(arguments: [
        (["17:54 Uhr", "08:05 Uhr"], "H:mm 'Uhr'"), (["17.54", "8.05"], "H.mm"), (["17h54"], "H'h'mm"),
        (["5:54:00.5 PM"], "h:mm:ss.S a"), (["17 Uhr"], "H 'Uhr'"),
    ])
    func timesOfDayHavePatternsToo(_ values: [String], _ pattern: String) {
        #expect(TimePatternGuess.clockPattern(values) == pattern)
    }
}
