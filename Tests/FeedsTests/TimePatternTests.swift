import Testing

@testable import Feeds

@Suite struct TimePatternTests {
    private func read(_ pattern: String, _ text: String) throws -> ClockReading? {
        try TimePattern(pattern).read(Array(text.utf8).span)
    }

    /// The seconds are those of Python's `datetime`.
    @Test(arguments: [
        ("0001-01-01 00:00:00", -62_135_596_800), ("1600-02-29 12:00:00", -11_670_955_200),
        ("1900-03-01 00:00:00", -2_203_891_200), ("1969-12-31 23:59:59", -1), ("2000-02-29 00:00:00", 951_782_400),
        ("2100-03-01 00:00:00", 4_107_542_400), ("9999-12-31 23:59:59", 253_402_300_799),
    ])
    func countsSecondsOverTheWholeCalendar(_ text: String, _ seconds: Int) throws {
        let reading = try #require(try read("iso8601", text))
        #expect(reading.impossibility == nil)
        #expect(reading.seconds == Int64(seconds))
    }

    @Test(
        arguments: [
            ("2021-03-04", 0, nil), ("2021-03-04T05:06", 0, nil), ("2021-03-04 05:06:07", 0, nil),
            ("2021-03-04T05:06:07Z", 0, 0), ("2021-03-04t05:06:07.5z", 500_000, 0),
            ("2021-03-04T05:06:07.1234567+01:00", 123_456, 3600), ("2021-03-04T05:06:07,25-0330", 250_000, -12_600),
            ("2021-03-04T05:06+14", 0, 50_400),
        ] as [(String, Int, Int?)])
    func readsISO8601(_ text: String, _ microsecond: Int, _ offset: Int?) throws {
        let reading = try #require(try read("iso8601", text))
        #expect([reading.year, reading.month, reading.day] == [2021, 3, 4])
        #expect(reading.microsecond == microsecond)
        #expect(reading.offset == offset)
    }

    @Test(arguments: [
        "2021-3-4", "2021-03-04T", "2021-03-04T05", "2021-03-04T05:06:07.", "2021-03-04T05:06:07+1", "20210304",
        "2021-03-04T05:06:07 Z", "2021-03-04T05:06:07+01:0", "2021-03-04x05:06", "04/03/2021", "2021-03-04T05:06+25:00",
    ])
    func refusesWhatIsNotISO8601(_ text: String) throws {
        let reading = try read("iso8601", text)
        #expect(reading == nil)
    }

    @Test(arguments: [
        ("yyyy/MM/dd HH:mm:ssX", "2017/02/28 05:00:00+00", 1_488_258_000),
        ("MM/dd/yyyy hh:mm:ss a", "12/25/2013 12:00:00 AM", 1_387_929_600),
        ("MM/dd/yyyy hh:mm:ss a", "12/25/2013 12:30:00 pm", 1_387_974_600),
        ("M/d/yyyy H:mm", "1/2/2020 3:04", 1_577_934_240),
        ("dd-MMM-yyyy", "04-mar-2021", 1_614_816_000),
        ("yyyy-MM", "2018-07", 1_530_403_200),
        ("yyyyMMdd'T'HHmmss.S", "20210304T050607.25", 1_614_834_367),
    ])
    func readsPatterns(_ pattern: String, _ text: String, _ seconds: Int) throws {
        let reading = try #require(try read(pattern, text))
        #expect(reading.impossibility == nil)
        #expect(reading.seconds - Int64(reading.offset ?? 0) == Int64(seconds))
    }

    @Test(arguments: [("hh a", "13 PM"), ("hh a", "00 AM")])
    func anHourOfTheHalfDayIsOneToTwelve(_ pattern: String, _ text: String) throws {
        let reading = try #require(try read("yyyy-MM-dd " + pattern, "2020-01-01 " + text))
        #expect(reading.impossibility != nil)
    }

    @Test(arguments: ["MM-dd", "yyyy-QQ", "yyyy hh", "yyyy HH a", "yy-MM-dd", "yyyy 'at", "yyyyy"])
    func badPatternsAreRefused(_ pattern: String) {
        #expect(throws: TimePattern.Refusal.self) { try TimePattern(pattern) }
    }
}
