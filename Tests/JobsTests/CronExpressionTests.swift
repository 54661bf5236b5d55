import Domain
import Foundation
import Testing

@testable import Jobs

/// The times were worked out by hand from calendars and the published rules of the zones.
struct CronExpressionTests {
    private static func instant(_ text: String) throws -> Instant {
        Instant(seconds: Int64(try Date(text, strategy: .iso8601).timeIntervalSince1970))
    }

    private func expect(
        _ cron: String, _ zone: String, after start: String, gives times: [String],
        at place: SourceLocation = #_sourceLocation
    ) throws {
        let expression = try CronExpression(cron, timeZone: zone)
        var after = try Self.instant(start)
        for time in times {
            let next = try #require(expression.next(after: after), sourceLocation: place)
            #expect(next == (try Self.instant(time)), "\(cron) after \(after)", sourceLocation: place)
            after = next
        }
    }

    @Test func aDueTimeIsLaterThanTheOneBefore() throws {
        try expect(
            "15 3 * * *", "UTC", after: "2026-11-21T03:14:59Z",
            gives: ["2026-11-21T03:15:00Z", "2026-11-22T03:15:00Z"])
        try expect(
            "*/20 23 31 12 *", "UTC", after: "2026-12-31T23:15:00Z",
            gives: ["2026-12-31T23:20:00Z", "2026-12-31T23:40:00Z", "2027-12-31T23:00:00Z"])
        try expect(
            "10-14/2,50 * * * *", "UTC", after: "2026-11-21T03:11:00Z",
            gives: ["2026-11-21T03:12:00Z", "2026-11-21T03:14:00Z", "2026-11-21T03:50:00Z", "2026-11-21T04:10:00Z"])
        try expect("0 0 * * *", "Asia/Kolkata", after: "2026-01-01T00:00:00Z", gives: ["2026-01-01T18:30:00Z"])
        try expect("0 0 1 1 *", "UTC", after: "1969-06-01T00:00:00Z", gives: ["1970-01-01T00:00:00Z"])
    }

    /// 2026-11-21 is a Saturday.
    @Test func weekdaysAreNamedOrCounted() throws {
        try expect("0 9 * * mon-fri", "UTC", after: "2026-11-20T09:00:00Z", gives: ["2026-11-23T09:00:00Z"])
        try expect("0 12 * jan,JUL 7", "UTC", after: "2026-11-21T00:00:00Z", gives: ["2027-01-03T12:00:00Z"])
        try expect("0 12 * 1,7 0", "UTC", after: "2026-11-21T00:00:00Z", gives: ["2027-01-03T12:00:00Z"])
    }

    @Test func bothDayFieldsTogetherMeanEitherUnlessOneBeginsWithAStar() throws {
        try expect(
            "0 0 13 * 5", "UTC", after: "2026-11-01T00:00:00Z",
            gives: ["2026-11-06T00:00:00Z", "2026-11-13T00:00:00Z", "2026-11-20T00:00:00Z"])
        try expect("0 0 13 * 5", "UTC", after: "2026-12-11T00:00:00Z", gives: ["2026-12-13T00:00:00Z"])
        try expect("0 0 */10 * 1", "UTC", after: "2026-11-01T00:00:00Z", gives: ["2026-12-21T00:00:00Z"])
    }

    /// 2100 is no leap year.
    @Test func aLeapDayMayBeEightYearsAway() throws {
        try expect("0 0 29 2 *", "UTC", after: "2021-01-01T00:00:00Z", gives: ["2024-02-29T00:00:00Z"])
        try expect("0 0 29 2 *", "UTC", after: "2096-03-01T00:00:00Z", gives: ["2104-02-29T00:00:00Z"])
    }

    /// Toronto: 02:00 EST became 03:00 EDT on 2024-03-10, at 07:00 UTC.
    @Test func aSkippedTimeComesLaterByWhatWasSkipped() throws {
        try expect(
            "30 2 * * *", "America/Toronto", after: "2024-03-09T12:00:00Z",
            gives: ["2024-03-10T07:30:00Z", "2024-03-11T06:30:00Z"])
        // 02:00 runs at 03:00, which the expression names as well: once.
        try expect(
            "0 2-3 * * *", "America/Toronto", after: "2024-03-10T00:00:00Z",
            gives: ["2024-03-10T07:00:00Z", "2024-03-11T06:00:00Z"])
        try expect(
            "*/20 * * * *", "America/Toronto", after: "2024-03-10T06:39:00Z",
            gives: ["2024-03-10T06:40:00Z", "2024-03-10T07:00:00Z", "2024-03-10T07:20:00Z"])
        // Lord Howe skips half an hour: 02:00 +10:30 became 02:30 +11 on 2024-10-06.
        try expect(
            "15 2 * * *", "Australia/Lord_Howe", after: "2024-10-05T12:00:00Z", gives: ["2024-10-05T15:45:00Z"])
    }

    /// Toronto: 02:00 EDT became 01:00 EST on 2024-11-03, at 06:00 UTC.
    @Test func aRepeatedTimeComesOnceUnlessEveryHourIsMeant() throws {
        try expect(
            "30 1 * * *", "America/Toronto", after: "2024-11-02T12:00:00Z",
            gives: ["2024-11-03T05:30:00Z", "2024-11-04T06:30:00Z"])
        try expect(
            "30 * * * *", "America/Toronto", after: "2024-11-03T05:00:00Z",
            gives: ["2024-11-03T05:30:00Z", "2024-11-03T06:30:00Z", "2024-11-03T07:30:00Z"])
    }

    @Test(arguments: [
        "", "* * * *", "* * * * * *", "60 * * * *", "* 24 * * *", "* * 0 * *", "* * 32 * *", "* * * 13 *",
        "* * * * 8", "*/0 * * * *", "5/2 * * * *", "1- * * * *", "5-1 * * * *", "1,,2 * * * *", "+5 * * * *",
        "a * * * *", "mon * * * *", "1-2-3 * * * *", "*/2/2 * * * *", "0 0 30 2 *", "0 0 31 4,6,9,11 *", "@daily",
    ])
    func whatIsNoExpressionIsRefused(_ text: String) {
        #expect(throws: CronError.self) { try CronExpression(text, timeZone: "UTC") }
    }

    @Test(arguments: [
        "Mars/Phobos", "localtime", "posixrules", "Factory", "posix/America/Toronto", "right/America/Toronto", "EDT",
        "GMT+3", "",
    ])
    func aZoneThatThereIsNotOrThatIsTheHostsIsRefused(_ zone: String) {
        #expect(throws: CronError.self) { try CronExpression("* * * * *", timeZone: zone) }
    }
}
