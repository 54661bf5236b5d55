/// Names of time zones that mean the same on every host.
package enum TimeZoneName {
    /// The areas of the IANA time zone database. Names outside of them that are no links depend on the host's settings
    /// (`localtime`, `posixrules`), are placeholders (`Factory`) or copies with or without leap seconds (`right/`,
    /// `posix/`).
    private static let areas: Set<Substring> = [
        "Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Brazil", "Canada", "Chile",
        "Etc", "Europe", "Indian", "Mexico", "Pacific", "US",
    ]

    package static let rule = "must be UTC or an IANA time zone, such as America/Toronto, Etc/GMT+5 or NZ"

    /// Whether the name has the form that ``rule`` describes. There may still be no such zone.
    package static func isPortable(_ name: String) -> Bool {
        if name == "UTC" || name == "GMT" || TimeZoneLink.targets[name] != nil { return true }
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        guard (2...3).contains(parts.count), areas.contains(parts[0]), name.utf8.count <= 64 else { return false }
        return parts.dropFirst().allSatisfy { part in
            !part.isEmpty
                && part.utf8.allSatisfy { byte in
                    switch byte {
                    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "+"):
                        true
                    default: false
                    }
                }
        }
    }

    /// The name under which every host knows the zone: a link is replaced by the zone that it names.
    package static func resolved(_ name: String) -> String { TimeZoneLink.targets[name] ?? name }
}
