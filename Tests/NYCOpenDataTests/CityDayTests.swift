import Foundation
import Testing

@testable import NYCOpenData

@Suite struct CityDayTests {
    @Test(arguments: [
        ("2022-10-01T23:24:42.000", "2022-10-01"), ("2022-10-01", "2022-10-01"), ("19970916", "1997-09-16"),
        ("01/31/2007", "2007-01-31"), ("05/01/2022 12:00:03 AM", "2022-05-01"),
        ("2024-02-29T00:00:00.000", "2024-02-29"),
    ])
    func everyFormOfTheDatasetsIsRead(_ field: String, _ day: String) {
        #expect(CityDay(field: field)?.description == day)
    }

    /// The first three are among the days of `3h2n-5cm9`.
    @Test(arguments: [
        "000000", "00000000", "Y9990120", "", "20230229", "13/01/2020", "2023-02-29T00:00:00.000", "2020", "//////////",
    ])
    func daysThatDoNotExistAreNone(_ field: String) {
        #expect(CityDay(field: field) == nil)
    }

    @Test func aMissingFieldHasNoDay() {
        #expect(CityDay(field: nil) == nil)
    }

    /// Seconds by Python: `datetime(2024, 7, 1, 4, tzinfo=timezone.utc).timestamp()` and so on.
    @Test(arguments: [
        (1_719_806_399.0, "2024-06-30"), (1_719_806_400, "2024-07-01"), (1_704_085_199, "2023-12-31"),
        (1_704_085_200, "2024-01-01"), (-1, "1969-12-31"),
    ])
    func aMomentHasTheDayOfNewYork(_ seconds: Double, _ day: String) {
        #expect(CityDay(Date(timeIntervalSince1970: seconds)).description == day)
    }

    @Test func theRuleForHostsWithoutZonesIsThatOfTheZone() throws {
        let zone = try #require(TimeZone(identifier: "America/New_York"))
        var transition = Date(timeIntervalSince1970: 1_167_609_600)
        while transition < Date(timeIntervalSince1970: 2_114_380_800) {
            for moment in [transition.addingTimeInterval(-1), transition, transition.addingTimeInterval(5_000_000)] {
                let seconds = Int64(moment.timeIntervalSince1970)
                #expect(CityDay.isSummer(seconds) == zone.isDaylightSavingTime(for: moment), "\(moment)")
            }
            transition = try #require(zone.nextDaylightSavingTimeTransition(after: transition))
        }
    }

    @Test func daysAreCountedAcrossMonthsAndEndWhereTheyEnd() throws {
        let day = try #require(CityDay("2024-03-01"))
        #expect(day.advanced(by: -1).description == "2024-02-29")
        #expect(day.advanced(by: 365).description == "2025-03-01")
        #expect(day.advanced(by: .max).description == "9999-12-31")
        #expect(day.advanced(by: .min).description == "0001-01-01")
        #expect(CityDay("2024-02-30") == nil)
        #expect(day < day.advanced(by: 1))
    }

    @Test func itIsATextInJSON() throws {
        let days = [try #require(CityDay("2024-03-01"))]
        let json = try JSONEncoder().encode(days)
        #expect(String(decoding: json, as: UTF8.self) == #"["2024-03-01"]"#)
        #expect(try JSONDecoder().decode([CityDay].self, from: json) == days)
        #expect(throws: DecodingError.self) { try JSONDecoder().decode([CityDay].self, from: Data(#"["today"]"#.utf8)) }
    }
}
