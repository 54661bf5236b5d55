import Domain
import Foundation
import Testing

struct TimeZoneNameTests {
    @Test(arguments: [
        "UTC", "America/Toronto", "America/Argentina/Buenos_Aires", "America/Port-au-Prince", "Etc/GMT+5", "Etc/UTC",
        "Pacific/Auckland", "US/Eastern", "Antarctica/DumontDUrville", "America/North_Dakota/New_Salem", "GMT", "NZ",
        "Japan", "EST5EDT", "Singapore", "Zulu", "EST", "ROC", "W-SU", "CET", "GB-Eire", "GMT+0", "Universal",
    ])
    func namesOfTheDatabaseAreTaken(_ name: String) {
        #expect(TimeZoneName.isPortable(name))
    }

    @Test(arguments: [
        "localtime", "posixrules", "Factory", "posix/America/Toronto", "right/America/Toronto", "posix/UTC",
        "right/UTC",
        "SystemV/EST5EDT", "EDT", "GMT+3", "gmt", "BST", "+02", "", "/", "America", "America/", "/Toronto",
        "America//Toronto", "../localtime", "America/../../localtime", "America/./Toronto", "/etc/localtime",
        ":America/Toronto", "America/Toronto ", "america/toronto", "America/Toronto\u{0}", "Europe/Zürich",
        "America/A/B/C", "<+03>-3", "UTC\n", "utc", "leapseconds", "tzdata.zi", "Local",
    ])
    func otherNamesAreNot(_ name: String) {
        #expect(!TimeZoneName.isPortable(name))
    }

    /// Links of the IANA database (its file `backward`).
    @Test(arguments: [
        ("CET", "Europe/Brussels"), ("WET", "Europe/Lisbon"), ("NZ", "Pacific/Auckland"), ("Zulu", "Etc/UTC"),
        ("EST5EDT", "America/New_York"), ("US/Eastern", "America/New_York"), ("Asia/Calcutta", "Asia/Kolkata"),
        ("GMT", "GMT"), ("UTC", "UTC"), ("America/Toronto", "America/Toronto"), ("localtime", "localtime"),
    ])
    func aLinkStandsForItsZone(_ name: String, _ zone: String) {
        #expect(TimeZoneName.resolved(name) == zone)
    }

    /// No accepted name depends on the machine's settings or counts leap seconds.
    @Test func ofTheHostsOwnNamesOnlyThoseOfPlacesAreTaken() {
        let taken = TimeZone.knownTimeZoneIdentifiers.filter(TimeZoneName.isPortable)
        #expect(taken.count > 300)
        #expect(!taken.contains { $0.hasPrefix("posix/") || $0.hasPrefix("right/") })
    }
}
