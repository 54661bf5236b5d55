import Domain
import Web

/// A period as a client names it on every route, by `from` and `to`: local days, both of them included, or instants of
/// RFC 3339, the second of them excluded.
struct Period: Sendable {
    /// One end of a period.
    enum End: Hashable, Sendable {
        case day(NamedDay)
        case instant(Instant)
    }

    static let parameters = ["from", "to"]
    private static let expectation =
        "a date such as 2021-12-31, a time with a zone such as 2021-12-31T18:00:00Z, latest or yesterday"

    /// The ends; `nil` where one is open.
    let from: End?
    let to: End?
    /// The names of the parameters that say where it begins and ends.
    let names: (from: String, to: String)

    /// Parses the parameters. Faults are collected in `parameters`.
    /// - Parameter aliases: Former names of the two parameters, which are still read.
    init(_ parameters: inout QueryParameters, aliases: (from: String, to: String)? = nil) {
        let names = (
            from: Self.name("from", aliases?.from, &parameters), to: Self.name("to", aliases?.to, &parameters)
        )
        self.names = names
        from = Self.end(names.from, &parameters)
        to = Self.end(names.to, &parameters)
        switch (from, to) {
        case (.day(.date(let first)), .day(.date(let last))) where last < first:
            parameters.reject(names.to, "must not be earlier than \(names.from)")
        case (.instant(let start), .instant(let end)) where end <= start:
            parameters.reject(names.to, "must be later than \(names.from)")
        default: break
        }
    }

    /// Whether neither end is given.
    var isOpen: Bool { from == nil && to == nil }

    /// Whether it is another period tomorrow, even if nothing is scored until then.
    var movesWithTheClock: Bool { [from, to].contains(End.day(.yesterday)) }

    /// The first and last local day that the period touches; `nil` for an open end.
    /// - Throws: ``Problem`` 400 when the period ends before it begins, or names the last of no scored days.
    func days(of status: DatasetStatus) throws(Problem) -> (from: LocalDay?, to: LocalDay?) {
        let calendar = LocalCalendar(of: status.dataset)
        let first: LocalDay? =
            switch from {
            case .day(let named): try day(named, names.from, status)
            case .instant(let instant): calendar.day(of: instant)
            case nil: nil
            }
        let last: LocalDay? =
            switch to {
            case .day(let named): try day(named, names.to, status)
            // The end of a period of instants is excluded.
            case .instant(let instant): calendar.day(of: instant - .microseconds(1))
            case nil: nil
            }
        if let first, let last, last < first { throw endsTooEarly }
        return (first, last)
    }

    /// The days of the period, open ends included.
    /// - Throws: ``Problem`` 400 as for ``days(of:)``.
    func range(of status: DatasetStatus) throws(Problem) -> ClosedRange<LocalDay> {
        let (from, to) = try days(of: status)
        return (from ?? .earliest)...(to ?? .latest)
    }

    /// The first instant and the one after the last; `nil` for an open end.
    /// - Throws: ``Problem`` 400 as for ``days(of:)``.
    func instants(of status: DatasetStatus) throws(Problem) -> (from: Instant?, to: Instant?) {
        let calendar = LocalCalendar(of: status.dataset)
        let start: Instant? =
            switch from {
            case .day(let named): calendar.start(of: try day(named, names.from, status))
            case .instant(let instant): instant
            case nil: nil
            }
        let end: Instant? =
            switch to {
            case .day(let named): calendar.start(of: try day(named, names.to, status).advanced(by: 1))
            case .instant(let instant): instant
            case nil: nil
            }
        if let start, let end, end <= start { throw endsTooEarly }
        return (start, end)
    }

    /// The values that the link to the next page has instead of the parameters, so that the period stays the same.
    /// - Throws: ``Problem`` 400 as for ``days(of:)``.
    func pinned(of status: DatasetStatus) throws(Problem) -> [String: String?] {
        var values: [String: String?] = [:]
        if case .day(let named) = from { values[names.from] = try day(named, names.from, status).description }
        if case .day(let named) = to { values[names.to] = try day(named, names.to, status).description }
        return values
    }

    /// The same for a list that has its dataset as a parameter.
    /// - Throws: ``Problem`` 400 as for ``days(of:)``.
    func resolved(of status: DatasetStatus) throws(Problem) -> [String: String?] {
        try pinned(of: status).merging(["dataset": status.dataset.slug.text]) { $1 }
    }

    private var endsTooEarly: Problem {
        .badRequest([.init(field: names.to, message: "must not be earlier than \(names.from)")])
    }

    private func day(_ named: NamedDay, _ name: String, _ status: DatasetStatus) throws(Problem) -> LocalDay {
        guard let day = named.day(of: status) else {
            throw .badRequest([.init(field: name, message: "is the last scored day, but nothing is scored yet")])
        }
        return day
    }

    /// The name by which a parameter is given.
    private static func name(_ name: String, _ alias: String?, _ parameters: inout QueryParameters) -> String {
        guard let alias, parameters.text(alias) != nil else { return name }
        if parameters.text(name) != nil {
            parameters.reject(alias, "cannot be given with \(name), whose former name it is")
        }
        return alias
    }

    private static func end(_ name: String, _ parameters: inout QueryParameters) -> End? {
        parameters.parsed(name, expectation) { text in
            NamedDay(text).map(End.day) ?? Instant(text).map(End.instant)
        }
    }
}
