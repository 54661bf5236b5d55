import Domain
import Foundation
import Testing

struct LocalDayTests {
    @Test(arguments: [
        ("1970-01-01", 0), ("1969-12-31", -1), ("2000-03-01", 11_017), ("0001-01-01", -719_162),
        ("9999-12-31", 2_932_896),
    ])
    func daysAreCountedFrom1970(_ text: String, _ number: Int32) throws {
        let day = try #require(LocalDay(text))
        #expect(day.number == number)
        #expect(day.description == text)
    }

    @Test(arguments: [
        "", "2021-1-01", "2021-01-1", "2021-01-01 ", " 2021-01-01", "2021/01/01", "20210101", "+021-01-01",
        "-001-01-01",
        "2021-13-01", "2021-00-10", "2021-01-00", "2021-01-32", "2021-04-31", "2021-06-31", "2021-09-31", "2021-11-31",
        "2021-02-29", "1900-02-29", "2100-02-29", "2000-02-30", "0000-01-01", "2021-01-01T00", "2021-01-0١",
    ])
    func whatIsNoDateIsRefused(_ text: String) {
        #expect(LocalDay(text) == nil)
    }

    @Test(arguments: ["2000-02-29", "2020-02-29", "2400-02-29", "0004-02-29", "9996-02-29"])
    func leapDaysExist(_ text: String) {
        #expect(LocalDay(text)?.description == text)
    }

    @Test func numbersOutOfTheCalendarAreRefused() {
        #expect(LocalDay(year: 0, month: 1, day: 1) == nil)
        #expect(LocalDay(year: 10_000, month: 1, day: 1) == nil)
        #expect(LocalDay(year: 2021, month: -1, day: 1) == nil)
        #expect(LocalDay(year: 2021, month: 1, day: -1) == nil)
        #expect(LocalDay(year: 2021, month: 1, day: 400) == nil)
    }

    @Test func everyDayIsThatOfTheISO8601Calendar() throws {
        // Foundation's calendars are Julian before 1582-10-15, so the test asks 2000 years later: the Gregorian
        // calendar repeats every 400 years, which are 146,097 days.
        var calendar = Calendar(identifier: .iso8601)
        calendar.timeZone = .gmt
        var number: Int32 = -719_162
        while number <= 2_932_896 {
            let date = Date(timeIntervalSince1970: (Double(number) + 5 * 146_097) * 86_400)
            let parts = calendar.dateComponents([.year, .month, .day], from: date)
            let civil = LocalDay(number: number).civil
            #expect(civil.year + 2000 == parts.year, "day \(number)")
            #expect(civil.month == parts.month, "day \(number)")
            #expect(civil.day == parts.day, "day \(number)")
            #expect(LocalDay(year: civil.year, month: civil.month, day: civil.day)?.number == number)
            #expect(LocalDay(LocalDay(number: number).description)?.number == number)
            number += 97
        }
    }

    @Test func oneDayFollowsTheOtherOverALeapYear() throws {
        let first = try #require(LocalDay("2020-01-01"))
        let lengths = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        var day = first
        for (month, length) in lengths.enumerated() {
            for dayOfMonth in 1...length {
                #expect(day.civil == (2020, month + 1, dayOfMonth))
                day = day.advanced(by: 1)
            }
        }
        #expect(day.description == "2021-01-01")
        #expect(first.distance(to: day) == 366)
        #expect(day.distance(to: first) == -366)
        #expect(first < day)
    }
}
