import Domain
import Testing

@testable import Feeds

/// The expected instants come from Python's `zoneinfo` with fold 0, which has the same rule for gaps and overlaps.
@Suite struct ZoneOffsetsTests {
    @Test(arguments: [
        ("America/Toronto", "2021-03-14 01:59:59", 1_615_705_199),
        ("America/Toronto", "2021-03-14 02:30:00", 1_615_707_000),
        ("America/Toronto", "2021-03-14 03:00:00", 1_615_705_200),
        ("America/Toronto", "2021-11-07 00:59:59", 1_636_261_199),
        ("America/Toronto", "2021-11-07 01:30:00", 1_636_263_000),
        ("America/Toronto", "2021-11-07 02:00:00", 1_636_268_400),
        ("America/Toronto", "1943-07-01 12:00:00", -836_380_800),
        ("America/Toronto", "2099-07-01 12:00:00", 4_086_604_800),
        ("Europe/London", "1970-07-01 12:00:00", 15_678_000),
        ("Europe/London", "2022-10-30 01:30:00", 1_667_089_800),
        ("Australia/Lord_Howe", "2021-10-03 02:15:00", 1_633_189_500),
        ("Asia/Kathmandu", "2000-01-01 00:00:00", 946_664_100),
        ("Pacific/Apia", "2011-12-30 12:00:00", 1_325_282_400),
        ("Pacific/Auckland", "2023-09-24 02:30:00", 1_695_479_400),
        ("UTC", "2020-02-29 23:59:59", 1_583_020_799),
        ("America/St_Johns", "1990-01-15 08:00:00", 632_403_000),
    ])
    func clockReadingsBecomeTheInstantsOfTheZone(_ zone: String, _ reading: String, _ instant: Int) throws {
        let offsets = try #require(ZoneOffsets(identifier: zone))
        let clock = try #require(try TimePattern("yyyy-MM-dd HH:mm:ss").read(Array(reading.utf8).span))
        #expect(offsets.instant(atReading: clock.seconds) == Int64(instant))
    }

    @Test func instantsBecomeReadingsAndBackAgain() throws {
        let offsets = try #require(ZoneOffsets(identifier: "America/Toronto"))
        #expect(offsets.reading(atInstant: 1_615_705_199) == 1_615_705_199 - 5 * 3600)
        #expect(offsets.reading(atInstant: 1_615_705_200) == 1_615_705_200 - 4 * 3600)
        for instant in stride(from: Int64(-2_000_000_000), to: 4_000_000_000, by: 86_400 * 17 + 3_601) {
            let reading = offsets.reading(atInstant: instant)
            // Only the second pass through an overlap has an earlier instant with the same local time.
            #expect([0, 3600].contains(instant - offsets.instant(atReading: reading)))
        }
    }

    /// Links of the IANA database and the zones that they name (its file `backward`), and the offsets of fixed zones.
    @Test(arguments: [
        ("NZ", "Pacific/Auckland"), ("Japan", "Asia/Tokyo"), ("Singapore", "Asia/Singapore"), ("Zulu", "Etc/UTC"),
        ("GMT", "Etc/GMT"), ("GMT0", "Etc/GMT"), ("GMT+0", "Etc/GMT"), ("UCT", "Etc/UTC"), ("GB", "Europe/London"),
        ("Eire", "Europe/Dublin"), ("PRC", "Asia/Shanghai"), ("ROK", "Asia/Seoul"), ("W-SU", "Europe/Moscow"),
        ("EST5EDT", "America/New_York"), ("PST8PDT", "America/Los_Angeles"), ("CET", "Europe/Brussels"),
        ("EET", "Europe/Athens"), ("WET", "Europe/Lisbon"), ("MST", "America/Phoenix"), ("HST", "Pacific/Honolulu"),
        ("EST", "America/Panama"), ("Navajo", "America/Denver"), ("US/Eastern", "America/New_York"),
        ("NZ-CHAT", "Pacific/Chatham"),
    ])
    func linksAreTheZonesThatTheyName(_ link: String, _ zone: String) throws {
        let link = try #require(ZoneOffsets(identifier: link))
        let zone = try #require(ZoneOffsets(identifier: zone))
        for instant in stride(from: Int64(0), to: 2_000_000_000, by: 86_400 * 29 + 3_600) {
            #expect(link.reading(atInstant: instant) == zone.reading(atInstant: instant))
        }
    }

    @Test(arguments: [
        "America/Torronto", "EDT", "GMT+3", "", "/", "+05:00", "localtime", "posixrules", "Factory",
        "posix/Europe/Rome",
        "right/Europe/Rome", "posix/UTC", "SystemV/EST5EDT", "Europe/../localtime",
    ])
    func namesThatAreNoZoneAreRefused(_ name: String) {
        #expect(ZoneOffsets(identifier: name) == nil)
    }
}
