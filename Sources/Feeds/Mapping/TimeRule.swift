import Domain

extension Mapping {
    /// How the time of an event is found.
    struct TimeRule: Sendable {
        let source: DateSource<Column>
        let clock: ClockSource<Column>
        let patterns: [TimePattern]
        /// The time zone of values without an offset; the dataset's where the mapping names none.
        let zone: ZoneOffsets?
        /// Whether the offset in the value is wrong, so that its clock reading is local time.
        let ignoresOffset: Bool
        /// The last hour of a day: 24, or 47 where times count on after midnight.
        let lastHour: Int
        /// Whether a blank month, day, hour, minute or second is the first one; otherwise the record is rejected.
        let takesBlankAsFirst: Bool
        /// The texts that the source writes where it knows no time.
        var missing: [[UInt8]] = []
        /// The local years that are believed; others are rejected.
        let years: ClosedRange<Int>?
        /// The local years that are likely; others are warned of.
        let plausibleYears: ClosedRange<Int>?

        /// The rule of a mapping of expenditures that have no date.
        static let none = TimeRule(
            source: .constant(ClockReading()), clock: .none, patterns: [], zone: nil, ignoresOffset: false,
            lastHour: 24, takesBlankAsFirst: false, years: nil, plausibleYears: nil)

        /// The local years that are not warned of: those that the mapping states or accepts, otherwise 1900 to the next
        /// year.
        var likelyYears: ClosedRange<Int> {
            let now = ClockReading(microsecondsSince1970: Instant.now.microseconds)
            return plausibleYears ?? years ?? 1900...(now.year + 1)
        }
    }
}

/// Where the date stands; `Place` is a column as a mapping names it, or its index.
enum DateSource<Place: Sendable>: Sendable {
    case column(Place)
    /// The clock reading that all records share.
    case constant(ClockReading)
    /// Each part has a column; missing ones are the first month or day.
    case parts(year: Place, month: Place?, day: Place?)

    var columns: [Place] {
        switch self {
        case .column(let column): [column]
        case .constant: []
        case .parts(let year, let month, let day): [year, month, day].compactMap { $0 }
        }
    }

    func map<Other: Sendable>(_ place: (Place) throws(FeedError) -> Other) throws(FeedError) -> DateSource<Other> {
        switch self {
        case .column(let column): return .column(try place(column))
        case .constant(let reading): return .constant(reading)
        case .parts(let year, let month, let day):
            return .parts(year: try place(year), month: try month.map(place), day: try day.map(place))
        }
    }
}

/// Where the time of day stands, if it has columns of its own.
enum ClockSource<Place: Sendable>: Sendable {
    case none
    /// Each part has a column; missing ones are 0.
    case parts(hour: Place, minute: Place?, second: Place?)
    /// One column; without patterns it is written in one of the usual ways.
    case column(Place, [TimePattern])

    var columns: [Place] {
        switch self {
        case .none: []
        case .parts(let hour, let minute, let second): [hour, minute, second].compactMap { $0 }
        case .column(let column, _): [column]
        }
    }

    func map<Other: Sendable>(_ place: (Place) throws(FeedError) -> Other) throws(FeedError) -> ClockSource<Other> {
        switch self {
        case .none: return .none
        case .parts(let hour, let minute, let second):
            return .parts(hour: try place(hour), minute: try minute.map(place), second: try second.map(place))
        case .column(let column, let patterns): return .column(try place(column), patterns)
        }
    }
}
