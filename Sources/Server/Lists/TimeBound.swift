import Domain

/// The first or last day or instant of a period, as a client writes it.
enum TimeBound: Hashable, Sendable {
    case day(LocalDay)
    case instant(Instant)

    /// Parses a date or a time of RFC 3339. A date may end with a bare `T`: GDAL writes it so.
    init?(_ text: String) {
        let isBare = text.utf8.count == 11 && (text.hasSuffix("T") || text.hasSuffix("t"))
        if let day = LocalDay(isBare ? text.dropLast() : text[...]) {
            self = .day(day)
        } else if let instant = Instant(text) {
            self = .instant(instant)
        } else {
            return nil
        }
    }

    /// The first instant of the period that begins with it; a day begins at midnight UTC.
    var start: Instant {
        switch self {
        case .day(let day): Instant(midnight: day)
        case .instant(let instant): instant
        }
    }

    /// The instant after the period that ends with it.
    var end: Instant {
        switch self {
        case .day(let day): Instant(midnight: day.advanced(by: 1))
        case .instant(let instant): instant + .microseconds(1)
        }
    }
}
