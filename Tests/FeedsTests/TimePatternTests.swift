import Testing

@testable import Feeds

@Suite struct TimePatternTests {
    private func read(_ pattern: String, _ text: String) throws -> ClockReading? {
        try TimePattern(pattern).read(Array(text.utf8).span)
    }

    /// The expected seconds come from Python's `datetime`.
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
        ("MMM-yy", "Dec-21", 1_638_316_800), ("MMM-yy", "jan-69", -31_536_000),
        ("MMMM yyyy", "April 2015", 1_427_846_400),
        ("MMMM yyyy", "may 2015", 1_430_438_400), ("yyyyMM", "201407", 1_404_172_800),
        ("d/MM/yyyy", "1/03/2019", 1_551_398_400),
        ("epoch_seconds", "1650584232", 1_650_584_232), ("epoch_seconds", "-61548271200", -61_548_271_200),
        ("epoch_milliseconds", "1650584232999", 1_650_584_232), ("epoch_milliseconds", "-1", -1),
        ("epoch_seconds", "951782400.5", 951_782_400),
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

    @Test(arguments: ["MM-dd", "yyyy-QQ", "yyyy hh", "yyyy HH a", "y-MM-dd", "yyyy 'at", "yyyyy"])
    func badPatternsAreRefused(_ pattern: String) {
        #expect(throws: TimePattern.Refusal.self) { try TimePattern(pattern) }
    }

    @Test(arguments: ["", "x", "1.", "1e9", "0x1", "9999999999999999", "1650584232 "])
    func whatIsNoCountSince1970IsRefused(_ text: String) throws {
        let reading = try read("epoch_seconds", text)
        #expect(reading == nil)
    }

    /// Every day of four hundred years, converted there and back; `seconds` is compared with Python above.
    @Test func readingsOfInstantsAreTheInverseOfTheirSeconds() {
        for day in stride(from: Int64(-200_000), to: 200_000, by: 7) {
            let reading = ClockReading(microsecondsSince1970: day * 86_400_000_000 + 86_399_999_999)
            #expect(reading.impossibility == nil)
            #expect(reading.seconds == day * 86_400 + 86_399)
            #expect(reading.microsecond == 999_999)
        }
    }

    @Test(arguments: [
        ("0035", 2100), ("35", 2100), ("5", 300), ("2359", 86_340), ("00:35", 2100), ("7:05", 25_500),
        ("23:59:59", 86_399), ("2400", 86_400), ("1330.0", 48_600), ("5.0", 300), ("5:54 PM", 64_440), ("12 am", 0),
        ("12:30:00 P.M.", 45_000),
    ])
    func timesOfDayAreReadWithAndWithoutColons(_ text: String, _ seconds: Int) {
        #expect(TimeScanner.clock(Array(text.utf8).span)?.seconds == Int64(seconds))
    }

    /// Serial days as in ECMA-376 part 1, 18.17.4.1; LibreOffice Calc shows the same dates.
    @Test(arguments: [
        ("excel_1900", "44205", 1_610_150_400), ("excel_1900", "44205.75", 1_610_215_200),
        ("excel_1900", "40850.4958333333", 1_320_321_240), ("excel_1900", "1", -2_208_988_800),
        ("excel_1900", "59", -2_203_977_600), ("excel_1900", "61", -2_203_891_200),
        ("excel_1904", "42743", 1_610_150_400), ("excel_1904", "0", -2_082_844_800),
    ])
    func daysOfSpreadsheetsAreCounted(_ pattern: String, _ text: String, _ seconds: Int) throws {
        let reading = try #require(try read(pattern, text))
        #expect(reading.impossibility == nil)
        #expect(reading.offset == nil)
        #expect(reading.seconds == Int64(seconds))
        #expect(reading.microsecond == 0)
    }

    @Test func the29thOfFebruary1900IsNoDay() throws {
        #expect(try read("excel_1900", "60.5")?.impossibility == "month 2 of 1900 has no day 29")
    }

    @Test(arguments: ["0.5", "-1", "2958466", "x", ""])
    func whatIsNoDayOfASpreadsheetIsRefused(_ text: String) throws {
        let reading = try read("excel_1900", text)
        #expect(reading == nil)
    }

    @Test(arguments: [
        ("epoch_microseconds", "1650584232999999", 999_999), ("epoch_nanoseconds", "1650584232999999999", 999_999),
        ("epoch_microseconds", "1650584232000000", 0),
    ])
    func smallUnitsSince1970AreRead(_ pattern: String, _ text: String, _ microsecond: Int) throws {
        let reading = try #require(try read(pattern, text))
        #expect(reading.seconds == 1_650_584_232)
        #expect(reading.microsecond == microsecond)
    }

    @Test(arguments: [
        ("EEE, d MMM yyyy", "Sun, 1 Jan 2006"), ("E d MMM yyyy", "SUN 1 jan 2006"),
        ("EEEE d MMMM yyyy", "sunday 1 january 2006"),
        ("d MMM yyyy", "1 Sept 2006"), ("E d MMM yyyy", "Tues 3 Jan 2006"), ("E d MMM yyyy", "Thurs 5 Jan 2006"),
    ])
    func namesOfDaysAndMonthsAreRead(_ pattern: String, _ text: String) throws {
        let reading = try #require(try read(pattern, text))
        #expect(reading.impossibility == nil)
        #expect(reading.year == 2006)
    }

    @Test(arguments: [
        ("E d MMM yyyy", "Sunday 1 Jan 2006"), ("EEEE d MMM yyyy", "Sun 1 Jan 2006"),
        ("E d MMM yyyy", "Son 1 Jan 2006"),
    ])
    func otherNamesAreNot(_ pattern: String, _ text: String) throws {
        let reading = try read(pattern, text)
        #expect(reading == nil)
    }

    @Test(
        arguments: [
            ("UTC", 0), ("GMT", 0), ("Z", 0), ("est", -18_000), ("EDT", -14_400), ("NDT", -9000), ("CEST", 7200),
            ("GMT-0200", -7200),
            ("GMT+2", 7200), ("UTC+05:30", 19_800), ("UTC-3:30", -12_600), ("+0100", 3600), ("-08", -28_800),
            ("NZDT", 46_800),
            ("IST", nil), ("BST", nil), ("XYZ", nil), ("EST5EDT", nil), ("GMT+", nil), ("", nil),
            ("ESTIMATEDTIME", nil),
        ] as [(String, Int?)])
    func namesOfOffsetsAreThoseOfRFC5322AndOthersOfOneMeaning(_ name: String, _ offset: Int?) throws {
        let reading = try read("yyyy-MM-dd HH:mm z", "2021-03-04 05:06 " + name)
        #expect(reading?.offset == offset)
    }
}
