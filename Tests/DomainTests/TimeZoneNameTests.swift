import Domain
import Foundation
import Testing

struct TimeZoneNameTests {
    @Test(arguments: [
        "UTC", "America/Toronto", "America/Argentina/Buenos_Aires", "America/Port-au-Prince", "Etc/GMT+5", "Etc/UTC",
        "Pacific/Auckland", "US/Eastern", "Antarctica/DumontDUrville", "America/North_Dakota/New_Salem",
    ])
    func zonesOfPlacesAreTaken(_ name: String) {
        #expect(TimeZoneName.isPortable(name))
    }

    @Test(arguments: [
        "localtime", "posixrules", "Factory", "posix/America/Toronto", "right/America/Toronto", "posix/UTC",
        "right/UTC",
        "SystemV/EST5EDT", "EST5EDT", "EST", "GMT", "GMT+3", "+02", "", "/", "America", "America/", "/Toronto",
        "America//Toronto", "../localtime", "America/../../localtime", "America/./Toronto", "/etc/localtime",
        ":America/Toronto", "America/Toronto ", "america/toronto", "America/Toronto\u{0}", "Europe/Zürich",
        "America/A/B/C", "<+03>-3", "UTC\n", "utc", "Zulu", "leapseconds", "tzdata.zi", "Local", "ROC", "W-SU",
    ])
    func otherNamesAreNot(_ name: String) {
        #expect(!TimeZoneName.isPortable(name))
    }

    /// No accepted name depends on the machine's settings or counts leap seconds.
    @Test func ofTheHostsOwnNamesOnlyThoseOfPlacesAreTaken() {
        let taken = TimeZone.knownTimeZoneIdentifiers.filter(TimeZoneName.isPortable)
        #expect(taken.count > 300)
        #expect(!taken.contains { $0.hasPrefix("posix/") || $0.hasPrefix("right/") })
    }
}
