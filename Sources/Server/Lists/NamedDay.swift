import Domain
import Web

/// A day as a client names it.
enum NamedDay: Hashable, Sendable {
    case date(LocalDay)
    /// The last scored day.
    case latest
    /// The day before the current one in the dataset's time zone.
    case yesterday

    static let expectation = "a date such as 2021-12-31, latest or yesterday"

    init?(_ text: some StringProtocol) {
        switch text {
        case "latest": self = .latest
        case "yesterday": self = .yesterday
        default:
            guard let day = LocalDay(text) else { return nil }
            self = .date(day)
        }
    }

    /// The day; `nil` for the last scored one where nothing is scored.
    func day(of status: DatasetStatus) -> LocalDay? {
        switch self {
        case .date(let day): day
        case .latest: status.days?.upperBound
        case .yesterday: LocalCalendar(of: status.dataset).today.advanced(by: -1)
        }
    }

    /// Whether it is another day tomorrow, even if nothing is scored until then.
    var movesWithTheClock: Bool { self == .yesterday }
}

extension QueryParameters {
    /// Parses a day that may be named `latest` or `yesterday`.
    mutating func namedDay(_ name: String) -> NamedDay? {
        parsed(name, NamedDay.expectation) { NamedDay($0) }
    }
}
