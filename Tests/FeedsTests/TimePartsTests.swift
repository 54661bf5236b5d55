import Domain
import Testing

@testable import Feeds

/// Times of which several columns have parts, and times of day.
@Suite struct TimePartsTests {
    private static func mapping(_ time: String) throws -> Mapping {
        try Mapping(
            yaml: """
                event_type: {constant: fire}
                time: {\(time)}
                coordinates: {longitude: x, latitude: y}
                """, file: "test.yaml")
    }

    private static func times(_ time: String, _ columns: String, _ rows: [String]) async throws -> Outcome {
        let text = "\(columns),x,y\n" + rows.map { "\($0),1,2\n" }.joined()
        return try await ingest(text, by: try mapping(time))
    }

    private static let all =
        "year_column: yr, month_column: mo, day_column: dy, hour_column: hr, minute_column: mi, zone: America/Vancouver"

    /// Python's `zoneinfo` gives the instants: Vancouver was 8 hours behind UTC on 7 March 2019, 7 on 13 May.
    @Test func eachPartMayHaveAColumn() async throws {
        let outcome = try await Self.times(
            Self.all, "yr,mo,dy,hr,mi",
            ["2019,3,7,2,6", "2019.0,5.0,13.0,16.0,0.0", "2019,May,13,0,0", "2019,march,7,2,6", "19,3,7,2,6"])
        #expect(
            await outcome.sink.rows.map(\.timestamp) == [
                1_551_953_160_000_000, 1_557_788_400_000_000, 1_557_730_800_000_000, 1_551_953_160_000_000,
                1_551_953_160_000_000,
            ])
    }

    @Test func aPartThatIsNoneIsRejected() async throws {
        let outcome = try await Self.times(
            Self.all, "yr,mo,dy,hr,mi",
            [
                "2019,5,13,16,", "2019,5,13,,", ",5,13,1,1", "2019,13,1,1,1", "2019,2,30,1,1", "2019,5,x,1,1",
                "2019,5,1,25,1", "2019,5,1,1,60", "2019,-5,1,1,1",
            ])
        #expect(
            await outcome.sink.rejections == [
                "2 missing_value", "3 missing_value", "4 missing_value", "5 impossible_date", "6 impossible_date",
                "7 bad_number", "8 impossible_date", "9 impossible_date", "10 bad_number",
            ])
    }

    @Test func blankPartsAreTheFirstOnesWhereTheMappingSaysSo() async throws {
        let outcome = try await Self.times(
            Self.all + ", blank_parts: first", "yr,mo,dy,hr,mi", ["2019,5,13,16,", "2019,5,13,,", ",5,13,1,1"])
        #expect(await outcome.sink.rows.map(\.timestamp) == [1_557_788_400_000_000, 1_557_730_800_000_000])
        #expect(await outcome.sink.rejections == ["4 missing_value"], "a year is never guessed")
    }

    @Test(arguments: [
        ("year_column: yr, month_column: mo", "2021,3", 1_614_556_800),
        ("year_column: yr", "2021,3", 1_609_459_200),
    ])
    func missingPartsAreTheFirstOnes(_ time: String, _ row: String, _ seconds: Int) async throws {
        let outcome = try await Self.times(time, "yr,mo", [row])
        #expect(await outcome.sink.rows.map(\.timestamp) == [Int64(seconds) * 1_000_000])
    }

    @Test func aClockColumnGoesWithThem() async throws {
        let outcome = try await Self.times(
            "year_column: yr, month_column: mo, day_column: dy, clock_column: t", "yr,mo,dy,t", ["2021,3,4,17:54"])
        #expect(await outcome.sink.rows.map(\.timestamp) == [1_614_880_440_000_000])
    }

    /// 17:54 on 4 March 2021 in UTC.
    @Test(arguments: [
        ("", "17:54"), ("", "1754"), ("", "1754.0"), ("", "5:54 PM"), ("", "05:54:00pm"), ("", "5:54:00.0 p.m."),
        ("", "0554 PM"), ("", "17:54\u{A0}"), ("", "5:54\u{202F}PM"),
        (", clock_patterns: [\"HH:mm 'Uhr'\"]", "17:54 Uhr"),
        (", clock_patterns: [\"HH.mm\", \"h:mm a\"]", "17.54"),
        (", clock_patterns: [\"HH.mm\", \"h:mm a\"]", "5:54 pm"),
        (", clock_patterns: [\"H'h'mm\"]", "17h54"), (", clock_patterns: [HHmmss]", "175400"),
        (", clock_patterns: [day_fraction]", "0.745833333333333"),
        (", clock_patterns: [\"HH:mm\"], trailing_text: ignore", "17:54 (approx.)"),
    ])
    func aTimeOfDayIsWrittenInManyWays(_ patterns: String, _ text: String) async throws {
        let outcome = try await Self.times("column: d, clock_column: t\(patterns)", "d,t", ["2021-03-04,\(text)"])
        #expect(await outcome.sink.rows.map(\.timestamp) == [1_614_880_440_000_000])
    }

    @Test(arguments: [
        ("", "17:54 Uhr", "bad_timestamp"), ("", "17.54", "bad_timestamp"), ("", "13.00", "bad_timestamp"),
        ("", "13 PM", "impossible_date"), ("", "1260", "impossible_date"), ("", "24:01", "impossible_date"),
        ("", "soon", "bad_timestamp"), ("", "", "missing_value"), ("", "17:54:61", "impossible_date"),
        (", clock_patterns: [\"HH:mm 'Uhr'\"]", "17:54", "bad_timestamp"),
        (", clock_patterns: [day_fraction]", "1.5", "bad_timestamp"),
    ])
    func anyOtherTimeOfDayIsRejected(_ patterns: String, _ text: String, _ reason: String) async throws {
        let outcome = try await Self.times("column: d, clock_column: t\(patterns)", "d,t", ["2021-03-04,\(text)"])
        #expect(outcome.counts.rejects?.byReason == [reason: 1])
    }

    /// The midnight after 4 March 2021 is 1614902400.
    @Test(arguments: [
        ("column: d, hour_column: t", "2021-03-04,24"), ("column: d, hour_column: t", "2021-03-04,24.0"),
        ("column: d, clock_column: t", "2021-03-04,24:00"), ("column: d, clock_column: t", "2021-03-04,2400"),
        ("column: d, clock_column: t", "2021-03-04,24:00:00"), ("column: d", "2021-03-04T24:00:00,"),
        ("column: d", "2021-03-04 24:00,"), ("column: d, patterns: [d.M.yyyy H:mm]", "4.3.2021 24:00,"),
        ("column: d", "2021-03-04T23:59:60Z,"), ("column: d, clock_column: t", "2021-03-04,23:59:60"),
    ])
    func hour24IsTheNextMidnight(_ time: String, _ row: String) async throws {
        let outcome = try await Self.times(time, "d,t", [row])
        #expect(await outcome.sink.rows.map(\.timestamp) == [1_614_902_400_000_000])
    }

    /// When clocks go forward at midnight, the day that begins then begins at one o'clock: 4 November 2018 in São
    /// Paulo.
    @Test func theNextMidnightIsThatOfTheZone() async throws {
        let outcome = try await Self.times("column: d, zone: America/Sao_Paulo", "d,t", ["2018-11-03 24:00,"])
        #expect(await outcome.sink.rows.map(\.timestamp) == [1_541_300_400_000_000])
    }

    @Test(arguments: [
        ("column: d", "2021-03-04T24:00:01,"), ("column: d", "2021-03-04T24:00:00.5,"),
        ("column: d, hour_column: t", "2021-03-04,25"), ("column: d, hour_column: t", "2021-03-04,2400"),
        ("column: d, hour_column: t", "2021-03-04,99"), ("column: d", "9999-12-31T24:00,"),
        ("column: d, clock_column: t", "2021-03-04,24:33"), ("column: d", "2021-03-04T23:59:61Z,"),
        ("column: d, clock_column: t, after_midnight: true", "2021-03-04,48:00"),
    ])
    func noOtherHourOfTheNextDayIsTaken(_ time: String, _ row: String) async throws {
        let outcome = try await Self.times(time, "d,t", [row])
        #expect(outcome.counts.rejects?.byReason == ["impossible_date": 1])
    }

    @Test(arguments: [
        ("clock_column: t", "24:33", 1_614_904_380), ("clock_column: t", "25:10", 1_614_906_600),
        ("hour_column: t", "25", 1_614_906_000),
    ])
    func timesMayCountOnAfterMidnight(_ column: String, _ text: String, _ seconds: Int) async throws {
        let outcome = try await Self.times(
            "column: d, \(column), after_midnight: true", "d,t", ["2021-03-04,\(text)"])
        #expect(await outcome.sink.rows.map(\.timestamp) == [Int64(seconds) * 1_000_000])
    }

    @Test(arguments: [
        ("year_column: yr, column: d", "time.column: cannot be combined with year_column:"),
        ("year_column: yr, patterns: [iso8601]", "time.patterns: cannot be combined with year_column:"),
        ("column: d, month_column: mo", "time.month_column: needs year_column:"),
        ("year_column: yr, day_column: dy", "time.day_column: needs month_column:"),
        ("column: d, minute_column: m", "time.minute_column: needs hour_column:"),
        ("column: d, hour_column: hr, second_column: s", "time.second_column: needs minute_column:"),
        ("column: d, clock_patterns: [HH]", "time.clock_patterns: needs clock_column:"),
        ("column: d, clock_column: t, minute_column: m", "time.clock_column: cannot be combined with minute_column:"),
        (
            "column: d, clock_column: t, clock_patterns: [yyyy HH]",
            "time.clock_patterns: \"yyyy HH\": is not a time of day alone"
        ),
        ("column: d, clock_column: t, clock_patterns: [mm]", "has no hour"),
        ("column: d, clock_column: t, clock_patterns: [\"h:mm\"]", "needs both h and a"),
        ("column: d, blank_parts: zero", "time.blank_parts: must be reject or first"),
        ("column: d, trailing_text: skip", "time.trailing_text: must be refuse or ignore"),
        ("column: d, zone_names: {BST: one}", "time.zone_names: BST: \"one\" must be an offset"),
        ("column: d, zone_names: {B1: \"+01\"}", "time.zone_names: \"B1\" must be 1 to 8 letters"),
        ("column: d, patterns: [excel]", "use excel_1900, or excel_1904"),
        ("column: d, plausible_years: [2000]", "time.plausible_years: must be [first, last]"),
    ])
    func faultsNameTheKey(_ time: String, _ problem: String) {
        let error = #expect(throws: FeedError.self) { try Self.mapping(time) }
        #expect(error?.line == 2)
        #expect(error?.problem.contains(problem) == true, "\(String(describing: error))")
    }

    /// 1 January 2006 was a Sunday. The instants are those of the offsets in the texts.
    @Test(arguments: [
        ("EEE, dd MMM yyyy HH:mm:ss z", "Sun, 01 Jan 2006 10:00:00 GMT"),
        ("EEE, dd MMM yyyy HH:mm:ss z", "Sun, 01 Jan 2006 10:00:00 +0000"),
        ("EEE, dd MMM yyyy HH:mm:ss z", "Sun, 01 Jan 2006 05:00:00 EST"),
        ("EEEE, MMMM d, yyyy H:mm", "Sunday, January 1, 2006 10:00"),
        ("yyyy-MM-dd HH:mm:ss z", "2006-01-01 10:00:00 UTC"), ("yyyy-MM-dd HH:mm z", "2006-01-01 11:00 CET"),
        ("yyyy-MM-dd HH:mm z", "2006-01-01 12:30 GMT+2:30"), ("yyyy-MM-dd HH:mm z", "2006-01-01 15:30 IST"),
        ("E MMM dd yyyy HH:mm:ss z", "Sun Jan 01 2006 08:00:00 GMT-0200 (Brasilia Summer Time)"),
    ])
    func weekdaysAndNamesOfOffsetsAreRead(_ pattern: String, _ text: String) async throws {
        let outcome = try await Self.times(
            "column: d, patterns: [\"\(pattern)\"], trailing_text: ignore, zone_names: {IST: \"+05:30\"}", "d",
            ["\"\(text)\""])
        #expect(await outcome.sink.rows.map(\.timestamp) == [1_136_109_600_000_000])
    }

    @Test(arguments: [
        // The day was a Sunday.
        ("EEE, dd MMM yyyy", "Mon, 01 Jan 2006", "impossible_date"),
        // India, Israel or Ireland.
        ("yyyy-MM-dd HH:mm z", "2006-01-01 15:30 IST", "bad_timestamp"),
    ])
    func whatContradictsOrIsAmbiguousIsRejected(_ pattern: String, _ text: String, _ reason: String) async throws {
        let outcome = try await Self.times("column: d, patterns: [\"\(pattern)\"]", "d", ["\"\(text)\""])
        #expect(outcome.counts.rejects?.byReason == [reason: 1])
    }

    /// Text after a time may be passed over, but never a part of the time.
    @Test(
        arguments: [
            ("yyyy-MM-dd HH:mm", "2021-03-04 17:54 (approx.)", true), ("yyyy-MM-dd HH:mm", "2021-03-04 17:54", true),
            ("yyyy-MM-dd HH:mm", "2021-03-04 17:54, reported late", true), ("iso8601", "2021-03-04T17:54Z [UTC]", true),
            ("iso8601", "2021-03-04 17:54 local time", true), ("yyyy-MM-dd HH:mm", "2021-03-04 17:54 PM", false),
            ("yyyy-MM-dd HH:mm", "2021-03-04 17:54:30", false), ("yyyy-MM-dd HH:mm", "2021-03-04 17:54 -0500", false),
            ("yyyy-MM-dd HH:mm", "2021-03-04 17:54x", false), ("yyyy-MM-dd", "2021-03-04 17:54", false),
            ("iso8601", "2021-03-04 7:54", false), ("iso8601", "2021-03-04T17", false),
        ])
    func textAfterTheTimeIsPassedOverWhereStated(_ pattern: String, _ text: String, _ isRead: Bool) async throws {
        let row = "\"\(text)\""
        let stated = try await Self.times("column: d, patterns: [\"\(pattern)\"], trailing_text: ignore", "d", [row])
        #expect(await stated.sink.rows.map(\.timestamp) == (isRead ? [1_614_880_440_000_000] : []))
        let unstated = try await Self.times("column: d, patterns: [\"\(pattern)\"]", "d", [row])
        #expect(unstated.counts.accepted == (text == "2021-03-04 17:54" && pattern.contains("HH") ? 1 : 0))
    }
}
